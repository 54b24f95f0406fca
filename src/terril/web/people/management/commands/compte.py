"""Which accounts are there, and how is one opened, closed, given a new password?"""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from terril.web.people.actions.close_account import close_account
from terril.web.people.actions.create_account import create_account, generated
from terril.web.people.actions.set_password import set_password
from terril.web.people.models import Person
from terril.web.people.refusal import RefusedError


class Command(BaseCommand):
    """``python -m django compte creer <adresse> --analyste``."""

    help = "Ouvre, ferme ou liste les comptes."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("quoi", choices=("creer", "mot-de-passe", "fermer", "lister"))
        parser.add_argument("adresse", nargs="?", default="")
        parser.add_argument("--analyste", action="store_true")
        parser.add_argument("--nom", default="")
        parser.add_argument("--demander", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say it; a password that was generated is shown once."""
        what, email = options["quoi"], options["adresse"]
        if what == "lister":
            for person in Person.objects.order_by("email"):
                state = "ouvert" if person.is_active else "fermé"
                kind = "analyste" if person.is_analyst else "lecteur"
                self.stdout.write(f"{person.email}\t{kind}\t{state}")
            return
        if not email:
            raise CommandError("Donnez l’adresse électronique du compte.")
        try:
            if what == "fermer":
                close_account(email)
                self.stdout.write(f"Le compte {email} est fermé.")
                return
            password = _asked() if options["demander"] else generated()
            if what == "creer":
                create_account(email, password, name=options["nom"], analyst=options["analyste"])
                self.stdout.write(f"Le compte {email} est ouvert.")
            else:
                set_password(email, password)
                self.stdout.write(f"Le mot de passe de {email} est remplacé.")
        except RefusedError as error:
            raise CommandError(error.refusal.text) from error
        if not options["demander"]:
            self.stdout.write(f"Mot de passe, montré une seule fois\u00a0: {password}")


def _asked() -> str:
    """Read a password: typed twice on a terminal, else the first line that comes in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Mot de passe : ")
    if first != getpass.getpass("Encore une fois : "):
        raise CommandError("Les deux mots de passe diffèrent.")
    return first
