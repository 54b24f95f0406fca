"""What is left of a person who leaves?"""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from household import EMAIL, WORD, Clock, delivered, equip, is_in, sign_in

from terril.web.atelier.models import Job, Kind
from terril.web.people.actions.delete_person import delete_person
from terril.web.people.journal import note
from terril.web.people.leaving import leaves
from terril.web.people.lock import failed
from terril.web.people.models import Journal, OpenSession, Outbox, Person
from terril.web.people.refusal import Refusal, RefusedError

PAGE = "/mon-compte/supprimer/"


def whole_database() -> str:
    """Everything that the tables hold, as text."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [(table, row) for row in cursor.fetchall()]
    return str(rows)


def test_nothing_of_her_is_left_anywhere(home: Client, ana: Person) -> None:
    equip(ana)
    failed(EMAIL, "192.0.2.1")
    note(ana, "tableau changé", "actions", champs={"titre": ["a", "b"]})
    job = Job.objects.create(project="essai", kind=Kind.CHECK, person=ana)
    with delivered() as box:
        delete_person(ana, by=ana)
    assert [m.to for m in box] == [[EMAIL]], "a last message"
    text = whole_database()
    assert EMAIL not in text and "Ana Exemple" not in text
    for table in ("people_secondfactor", "people_recoverycode", "people_opensession",
                  "people_loginfailure", "django_session"):  # fmt: skip
        assert f"('{table}'" not in text, table
    assert not is_in(home)
    job.refresh_from_db()
    assert str(job.person) == "personne supprimée", "what she did stays, of nobody"


def test_the_journal_stands_and_names_nobody(ana: Person, lea: Person) -> None:
    note(ana, "tableau changé", "actions")
    note(lea, "rôle donné", "contrat", subject=ana)
    before = list(Journal.objects.values_list("pk", "at", "verb", "thing", "actor_id"))
    delete_person(ana, by=None)
    lines = Journal.objects.order_by("pk")
    assert set(before) <= set(lines.values_list("pk", "at", "verb", "thing", "actor_id"))
    assert [(line.who, line.whom) for line in lines] == [
        ("personne supprimée", ""),
        ("lea", "personne supprimée"),
        ("ligne de commande", "personne supprimée"),
    ]


def test_she_leaves_by_the_page_with_her_password(home: Client, web: Client, ana: Person) -> None:
    assert "Supprimer pour toujours" in home.get(PAGE).content.decode()
    assert home.post(PAGE, {"password": "faux"}).status_code == 400
    assert Person.objects.get().deleted is None
    answer = home.post(PAGE, {"password": WORD})
    assert answer.status_code == 200 and "supprimé" in answer.content.decode()
    assert not is_in(home) and sign_in(web) == ""
    assert not OpenSession.objects.exists()


def test_with_a_second_factor_a_code_is_asked_too(home: Client, ana: Person, clock: Clock) -> None:
    equip(ana)
    assert 'name="code"' in home.get(PAGE).content.decode()
    assert home.post(PAGE, {"password": WORD}).status_code == 400
    assert home.post(PAGE, {"password": WORD, "code": clock.code(ana)}).status_code == 200
    assert Person.objects.get().deleted is not None


def test_other_rooms_erase_too_or_refuse(home: Client, ana: Person) -> None:
    erased = []
    leaves(lambda person: erased.append(person.email))
    delete_person(Person.objects.create_user("leo@exemple.fr", WORD), by=None)
    assert erased == ["leo@exemple.fr"]

    @leaves
    def refuse(person: Person) -> None:
        raise RefusedError(Refusal("Vous seule tenez ce contrat.", 409))

    answer = home.post(PAGE, {"password": WORD})
    assert answer.status_code == 409 and "Vous seule tenez" in answer.content.decode()
    ana.refresh_from_db()
    assert ana.deleted is None and is_in(home), "nothing is half done"
    assert ana.email == EMAIL


def test_one_leaves_once(ana: Person) -> None:
    delete_person(ana, by=None)
    with pytest.raises(RefusedError, match="déjà supprimé"):
        delete_person(ana, by=None)
    assert Journal.objects.count() == 1


def test_her_address_may_have_another_account_later(ana: Person) -> None:
    call_command("compte", "supprimer", EMAIL)
    again = Person.objects.create_user(EMAIL, WORD)
    assert again.key != ana.key
    assert (
        json.dumps([line.whom for line in Journal.objects.all()]) == '["personne supprim\\u00e9e"]'
    )


def test_messages_that_wait_for_her_go_too(ana: Person) -> None:
    Outbox.objects.create(person=ana, to=EMAIL, subject="x", text="x")
    Outbox.objects.create(to=EMAIL.upper(), subject="x", text="x")
    delete_person(ana, by=None)
    assert [row.subject for row in Outbox.objects.all()] == ["Compte supprimé"]
