"""What does the directory await from people: a sheet to write, to look at again, to read over?"""

from __future__ import annotations

from django.urls import reverse

from terril.contrat.directory.freshness import awaiting, is_late, review_due
from terril.contrat.directory.sheets import Sheet
from terril.lib.dates import date_longue
from terril.lib.french import compte
from terril.web.annuaire.held import member_directory, review_months
from terril.web.annuaire.rights import can_edit, can_review, sheet_row
from terril.web.espace.awaited import Awaited, awaits
from terril.web.espace.space import Space


@awaits
def sheets_due(space: Space) -> list[Awaited]:
    """Return what awaits the person of a space."""
    reviews = can_review(space) is None
    mine = [n for n in sorted(space.organisations) if can_edit(space, n) is None]
    if not reviews and not mine:
        return []
    directory = member_directory(space)
    found = []
    if reviews:
        count = awaiting(directory).count
        if count:
            sheets = compte(count, "fiche de l’annuaire est", "fiches de l’annuaire sont")
            address = reverse("annuaire-espace", args=[space.contract.code])
            found.append(Awaited(f"{sheets} à relire.", address))
        return found  # the team does not write the sheets in the place of the structures
    for organisation in mine:
        one = _of_structure(space, directory.sheet(organisation), organisation)
        if one is not None:
            found.append(one)
    return found


def _of_structure(space: Space, sheet: Sheet | None, organisation: int) -> Awaited | None:
    name = space.name("organisations", organisation)
    address = reverse("annuaire-fiche", args=[space.contract.code, organisation])
    if sheet is None or sheet.number is None:
        return Awaited(
            f"{name} n’a pas encore de fiche dans l’annuaire.", address, level="information"
        )
    row = sheet_row(space, organisation)
    if row is not None and row.get("remarques") and sheet.state != "a_relire":
        return Awaited(f"L’équipe du contrat demande de compléter la fiche de {name}.", address)
    months = review_months(space)
    if is_late(sheet, space.today, months):
        due = review_due(sheet, months)
        since = (
            f"n’a pas été revue depuis le {date_longue(sheet.reviewed.isoformat())}"
            if sheet.reviewed
            else "n’a jamais été revue"
        )
        return Awaited(f"La fiche de {name} {since}.", address, due, "retard")
    return None
