"""Does whoever holds the server see and erase accounts, in words that are true?"""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from household import EMAIL, OTHER, WORD, equip, sign_in

from terril.web.people.actions.delete_person import delete_person
from terril.web.people.models import Journal, Person


def said(*words: str) -> str:
    out = io.StringIO()
    call_command("compte", *words, stdout=out)
    return out.getvalue()


def test_the_list_says_who_has_a_second_factor_and_not_who_left(ana: Person, lea: Person) -> None:
    equip(ana)
    leo = Person.objects.create_user("leo@exemple.fr", WORD)
    delete_person(leo, by=None)
    assert said("lister").splitlines() == [
        f"{EMAIL}\tlecteur\touvert\tsecond facteur",
        f"{OTHER}\tlecteur\touvert\tmot de passe seul",
    ]


def test_an_account_is_deleted(ana: Person) -> None:
    assert said("supprimer", EMAIL.upper()).startswith("Le compte ANA@EXEMPLE.FR est supprimé")
    assert Person.objects.get().deleted is not None
    assert Journal.objects.get().who == "ligne de commande"


@pytest.mark.parametrize("verb", ["fermer", "supprimer", "sans-second-facteur", "mot-de-passe"])
def test_an_account_that_is_not_there_is_told(ana: Person, verb: str) -> None:
    with pytest.raises(CommandError, match="Aucun compte"):
        said(verb, OTHER)
    with pytest.raises(CommandError, match="Donnez l’adresse"):
        said(verb)


def test_a_closed_account_opens_no_session(ana: Person) -> None:
    from django.test import Client

    said("fermer", EMAIL)
    assert sign_in(Client()) == ""
