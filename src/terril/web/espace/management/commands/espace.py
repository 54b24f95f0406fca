"""How does a contract enter the site from a folder, and who is its first member?"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from terril.lib.french import compte
from terril.lib.problems import ProblemsError
from terril.web.espace.actions.import_table import Counts
from terril.web.espace.actions.invite import invite
from terril.web.espace.actions.load_folder import load_folder
from terril.web.espace.actions.write_templates import write_templates
from terril.web.espace.models import Contract, Membership
from terril.web.espace.space import Space
from terril.web.people.actions.create_account import create_account, generated
from terril.web.people.actions.set_password import set_password
from terril.web.people.journal import note
from terril.web.people.models import Person
from terril.web.people.refusal import RefusedError


class Command(BaseCommand):
    """``python -m django espace charger <dossier>``."""

    help = "Charge un contrat depuis un dossier, invite des personnes, écrit des modèles."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("quoi", choices=("charger", "modele", "inviter", "membre", "lister"))
        parser.add_argument("ou", nargs="?", default="")
        parser.add_argument("adresse", nargs="?", default="")
        parser.add_argument("--role", default="chargee_mission")
        parser.add_argument("--organisation", default="")
        parser.add_argument("--nom", default="")
        parser.add_argument("--renouveler", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say it."""
        what, where = options["quoi"], options["ou"]
        if what == "lister":
            self._list()
            return
        if not where:
            wanted = "le dossier" if what in ("charger", "modele") else "le code du contrat"
            raise CommandError(f"Donnez {wanted}.")
        try:
            if what == "charger":
                self._load(Path(where))
            elif what == "modele":
                self._templates(Path(where))
            else:
                self._admit(what, where, options)
        except ProblemsError as error:
            lines = "\n".join(str(problem) for problem in error.problems)
            raise CommandError(f"{lines}\nRien n’est écrit.") from error
        except RefusedError as error:
            raise CommandError(error.refusal.text) from error

    def _list(self) -> None:
        for contract in Contract.objects.all():
            people = contract.memberships.filter(until__isnull=True).count()
            rows = contract.entries.filter(archived=False).count()
            self.stdout.write(
                f"{contract.code}\t{contract.name}\t{compte(rows, 'ligne', 'lignes')}\t"
                f"{compte(people, 'membre', 'membres')}"
            )

    def _load(self, folder: Path) -> None:
        loaded = load_folder(folder)
        self.stdout.write(f"{loaded.contract.name}\u00a0: contrat {loaded.done}.")
        for _, title, counts in loaded.registers:
            self.stdout.write(f"  {title}\u00a0: {_said(counts)}")
        if not loaded.registers:
            self.stdout.write("  Aucun registre dans le dossier.")

    def _templates(self, folder: Path) -> None:
        for path in write_templates(folder):
            self.stdout.write(path.name)
        self.stdout.write(
            "Remplissez les classeurs dont vous avez besoin, retirez les autres, puis\u00a0: "
            f"terril espace charger {folder}"
        )

    def _admit(self, what: str, code: str, options: dict[str, Any]) -> None:
        if not options["adresse"]:
            raise CommandError("Donnez l’adresse électronique de la personne.")
        contract = Contract.objects.filter(code=code).first()
        if contract is None:
            known = ", ".join(Contract.objects.values_list("code", flat=True)) or "aucun"
            raise CommandError(
                f"Aucun contrat n’a le code «\u00a0{code}\u00a0». Connus\u00a0: {known}."
            )
        space = Space(contract, everything=True)
        if options["role"] not in space.catalogue.roles:
            roles = ", ".join(space.catalogue.roles)
            raise CommandError(f"Ce rôle n’existe pas. Les rôles\u00a0: {roles}.")
        organisation = _organisation(space, options["organisation"])
        if what == "inviter":
            site = settings.SITE_ADDRESS or "http://localhost:8000"
            _, token = invite(
                space, options["adresse"], options["role"], organisation=organisation, site=site
            )
            self.stdout.write(f"L’invitation est envoyée à {options['adresse']}.")
            self.stdout.write(f"Son lien, à ne donner qu’à elle\u00a0: {site}/invitation/{token}/")
        else:
            self._member(space, organisation, options)

    def _member(self, space: Space, organisation: int | None, options: dict[str, Any]) -> None:
        """Open the account if there is none, and make it a member at once: the first one."""
        email = options["adresse"].strip().lower()
        role = options["role"]
        with transaction.atomic():
            person = Person.objects.filter(email=email).first()
            password = ""
            if person is None:
                password = generated()
                person = create_account(email, password, name=options["nom"])
            elif options["renouveler"]:
                password = generated()
                set_password(email, password)
            held = Membership.objects.filter(
                contract=space.contract, person=person, role=role, until__isnull=True
            )
            new = not held.exists()
            if new:
                Membership.objects.create(
                    contract=space.contract, person=person, role=role, organisation=organisation
                )
                note(
                    None, "membre ajouté", space.catalogue.roles[role].label, subject=person,
                    contract=space.contract.code, rôle=role,
                )  # fmt: skip
        label = space.catalogue.roles[role].label
        said = "est membre" if new else "était déjà membre"
        self.stdout.write(f"{email} {said} du contrat {space.contract.code}\u00a0: {label}.")
        if password:
            self.stdout.write(f"Mot de passe, montré une seule fois\u00a0: {password}")


def _organisation(space: Space, text: str) -> int | None:
    """Return the number of an organisation said by its name; raises ``CommandError``."""
    if not text:
        return None
    found = space.names.find("organisations", text)
    if len(found) != 1:
        raise CommandError(f"Aucune organisation du contrat ne s’appelle «\u00a0{text}\u00a0».")
    return found[0]


def _said(counts: Counts) -> str:
    parts = [
        compte(number, singular, plural)
        for number, singular, plural in (
            (counts.added, "ligne ajoutée", "lignes ajoutées"),
            (counts.changed, "ligne modifiée", "lignes modifiées"),
            (counts.archived, "ligne archivée", "lignes archivées"),
        )
        if number
    ]
    return ", ".join(parts) or "rien de nouveau"
