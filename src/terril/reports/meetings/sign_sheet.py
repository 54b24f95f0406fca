"""How is the attendance sheet printed, for people to sign on arrival?"""

from __future__ import annotations

from typing import Any, Final

from terril.contrat.meetings.papers import SignSheet
from terril.lib.dates import date_longue
from terril.lib.french import majuscule
from terril.reports.engine import Typesetter
from terril.reports.printable import typeset

TEMPLATE: Final = "reunion_emargement.typ"
_HEADS: Final = ("Structure", "Fonction", "Personnes", "Dont femmes", "Dont hommes", "Signature")


def sign_sheet_pdf(sheet: SignSheet) -> bytes:
    """Return the sheet as PDF/UA; the same sheet gives the same bytes."""
    with Typesetter(TEMPLATE) as setter:
        return typeset(setter, page(sheet), date=sheet.day.isoformat(), name="feuille d’émargement")


def page(sheet: SignSheet) -> dict[str, Any]:
    """The data of the template."""
    lines = [
        {"name": line.name, "quality": line.quality, "function": line.function}
        for line in sheet.lines
    ]
    blank = {"name": "", "quality": "", "function": ""}
    return {
        "title": sheet.title,
        "head": "Feuille d’émargement",
        "short": date_longue(sheet.day.isoformat()),
        "subject": f"Feuille d’émargement, {sheet.body}" if sheet.body else "Feuille d’émargement",
        "author": sheet.contract,
        "note": sheet.body,
        "when": majuscule(sheet.when),
        "place": sheet.place,
        "purpose": "Une ligne par structure. Ne servent au suivi que les structures et les nombres "
        "de personnes ; les signatures restent sur cette feuille.".replace(" ;", "\u202f;"),
        "heads": list(_HEADS),
        "lines": [*lines, *(blank for _ in range(sheet.blanks))],
    }
