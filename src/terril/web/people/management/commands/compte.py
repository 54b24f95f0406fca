"""Which accounts are there, and how is one opened, closed, given a new password?"""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from terril.web.people.actions.close_account import close_account
from terril.web.people.actions.create_account import create_account, generated
from terril.web.people.actions.delete_person import delete_person
from terril.web.people.actions.remove_factor import remove_factor
from terril.web.people.actions.set_password import set_password
from terril.web.people.models import Person
from terril.web.people.refusal import Refusal, RefusedError
from terril.web.people.staff import has_factor

#: verb → what is said once it is done, « {} » the address
_VERBS: Final = {
    "creer": "Le compte {} est ouvert.",
    "mot-de-passe": "Le mot de passe de {} est remplacé.",
    "sans-second-facteur": "Le second facteur de {} est retiré.",
    "fermer": "Le compte {} est fermé.",
    "supprimer": "Le compte {} est supprimé, la personne effacée.",
    "lister": "",
}


class Command(BaseCommand):
    """``python -m django compte creer <adresse> --analyste``."""

    help = "Ouvre, ferme, supprime ou liste les comptes."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("quoi", choices=tuple(_VERBS))
        parser.add_argument("adresse", nargs="?", default="")
        parser.add_argument("--analyste", action="store_true")
        parser.add_argument("--nom", default="")
        parser.add_argument("--demander", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say it; a password that was generated is shown once."""
        what, email = options["quoi"], options["adresse"]
        if what == "lister":
            for person in Person.objects.filter(deleted=None).order_by("email"):
                self.stdout.write("\t".join([person.email, *_state(person)]))
            return
        if not email:
            raise CommandError("Donnez l’adresse électronique du compte.")
        new = what in ("creer", "mot-de-passe")
        password = "" if not new else _asked() if options["demander"] else generated()
        try:
            _do(what, email, password, options)
        except RefusedError as error:
            raise CommandError(error.refusal.text) from error
        self.stdout.write(_VERBS[what].format(email))
        if new and not options["demander"]:
            self.stdout.write(f"Mot de passe, montré une seule fois\u00a0: {password}")


def _do(what: str, email: str, password: str, options: dict[str, Any]) -> None:
    if what == "creer":
        create_account(email, password, name=options["nom"], analyst=options["analyste"])
    elif what == "mot-de-passe":
        set_password(email, password)
    elif what == "fermer":
        close_account(email)
    else:
        person = Person.objects.filter(email=email.strip().lower(), deleted=None).first()
        if person is None:
            raise RefusedError(Refusal(f"Aucun compte {email}.", 404))
        if what == "supprimer":
            delete_person(person, by=None)
        else:
            remove_factor(person, by=None)


def _state(person: Person) -> tuple[str, str, str]:
    return (
        "analyste" if person.is_analyst else "lecteur",
        "ouvert" if person.is_active else "fermé",
        "second facteur" if has_factor(person) else "mot de passe seul",
    )


def _asked() -> str:
    """Read a password: typed twice on a terminal, else the first line that comes in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Mot de passe : ")
    if first != getpass.getpass("Encore une fois : "):
        raise CommandError("Les deux mots de passe diffèrent.")
    return first
