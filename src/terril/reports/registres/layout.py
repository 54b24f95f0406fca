"""Which columns does the spreadsheet of a register have, and what does each say of itself?

The three formats (XLSX, ODS, CSV) have the same columns: N°, Version, then those of the card
under their labels. What is written here is read again by ``registres.read`` without loss.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from terril.catalogue.cards import Catalogue
from terril.catalogue.registers import SEVERAL, Column, ColumnKind, Register
from terril.lib.french import FINE, NBSP
from terril.lib.problems import Problem, ProblemList, Where
from terril.registres.display import Exported, exported
from terril.registres.names import Names
from terril.registres.rows import Row, Summary
from terril.registres.sheets import ARCHIVE_HEAD, NUMBER_HEAD, VERSION_HEAD, sheet_name
from terril.registres.wordings import wordings

#: characters that a cell of a spreadsheet keeps
LONGEST_CELL: Final = 32_767
#: lines of a text that a row shows at most
TALLEST: Final = 6
#: characters that a printed page shows legibly across
_PAGE_WIDTH: Final = 330.0

Style = Literal["text", "long", "number", "integer", "amount", "share", "date", "year", "technical"]

_STYLES: Final[Mapping[ColumnKind, Style]] = {
    ColumnKind.LONG: "long",
    ColumnKind.INTEGER: "integer",
    ColumnKind.NUMBER: "number",
    ColumnKind.AMOUNT: "amount",
    ColumnKind.SHARE: "share",
    ColumnKind.DATE: "date",
    ColumnKind.YEAR: "year",
}
_WIDTHS: Final[Mapping[ColumnKind, float]] = {
    ColumnKind.TEXT: 34, ColumnKind.LONG: 52, ColumnKind.INTEGER: 12, ColumnKind.NUMBER: 12,
    ColumnKind.AMOUNT: 16, ColumnKind.SHARE: 10, ColumnKind.DATE: 12, ColumnKind.TIME: 9,
    ColumnKind.YEAR: 9, ColumnKind.YES_NO: 9, ColumnKind.CHOICE: 24, ColumnKind.CHOICES: 30,
    ColumnKind.STATE: 18, ColumnKind.LINK: 28, ColumnKind.LINKS: 34, ColumnKind.INDICATORS: 36,
    ColumnKind.EMAIL: 28, ColumnKind.PHONE: 16, ColumnKind.WEB: 30, ColumnKind.SIRET: 17,
    ColumnKind.RNA: 13,
}  # fmt: skip
_HOW: Final[Mapping[ColumnKind, str]] = {
    ColumnKind.TEXT: "texte d’une ligne",
    ColumnKind.LONG: "texte de plusieurs lignes",
    ColumnKind.INTEGER: "nombre entier",
    ColumnKind.NUMBER: "nombre",
    ColumnKind.AMOUNT: "montant en euros",
    ColumnKind.SHARE: f"taux en pour cent{NBSP}: 30 pour 30{FINE}%, sans le signe",
    ColumnKind.DATE: f"date{NBSP}: 24/11/2026",
    ColumnKind.TIME: f"heure{NBSP}: 14:30",
    ColumnKind.YEAR: "année, quatre chiffres",
    ColumnKind.YES_NO: f"«{NBSP}oui{NBSP}» ou «{NBSP}non{NBSP}»",
    ColumnKind.CHOICE: "une valeur de la liste",
    ColumnKind.CHOICES: "valeurs de la liste, séparées par des points-virgules",
    ColumnKind.STATE: "état, de la liste",
    ColumnKind.LINK: f"nom d’une fiche, ou son numéro{NBSP}: n°{NBSP}12",
    ColumnKind.LINKS: f"noms de fiches, ou numéros (n°{NBSP}12), séparés par des points-virgules",
    ColumnKind.INDICATORS: "indicateurs de l’observatoire, séparés par des points-virgules",
    ColumnKind.EMAIL: "adresse électronique",
    ColumnKind.PHONE: "numéro de téléphone",
    ColumnKind.WEB: "adresse d’un site, avec https://",
    ColumnKind.SIRET: "14 chiffres",
    ColumnKind.RNA: "W et 9 chiffres",
}
_LISTED: Final = frozenset([ColumnKind.CHOICE, ColumnKind.CHOICES, ColumnKind.STATE])


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the spreadsheet. ``allowed``: the texts that its cells may hold, when closed."""

    name: str
    label: str
    style: Style
    width: float
    how: str = ""
    help: str = ""
    required: bool = False
    allowed: tuple[str, ...] = ()

    @property
    def wraps(self) -> bool:
        """Do its texts go on the next line?"""
        return self.style in ("text", "long")

    @property
    def right(self) -> bool:
        """Are its cells set to the right, as numbers are?"""
        return not self.wraps

    @property
    def note(self) -> str:
        """What is written beside the head."""
        parts = [self.help, f"{self.how[:1].upper()}{self.how[1:]}." if self.how else ""]
        parts.append("À remplir." if self.required else "")
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Export:
    """What a file is made of: the register, its rows and what is said around them."""

    card: Register
    code: str
    fields: tuple[Field, ...]
    lines: tuple[tuple[Exported, ...], ...]
    about: str
    filters: tuple[str, ...]
    day: dt.date
    summaries: tuple[Summary, ...] = field(default=())

    @property
    def pages_across(self) -> int:
        """How many printed pages the columns take."""
        return max(1, math.ceil(sum(each.width for each in self.fields) / _PAGE_WIDTH))

    @property
    def sheet(self) -> str:
        """The name of the sheet of the rows."""
        return sheet_name(self.card.title)


def export_of(
    card: Register,
    code: str,
    rows: Sequence[Row],
    catalogue: Catalogue,
    names: Names,
    *,
    about: str,
    day: dt.date,
    filters: Sequence[str] = (),
    summaries: Sequence[Summary] = (),
    columns: Sequence[str] | None = None,
) -> Export:
    """Gather what the file of a register says; ``columns``: those to give, all by default."""
    chosen = [name for name in card.columns if columns is None or name in columns]
    fields = [
        Field("", NUMBER_HEAD, "technical", 6, "numéro de la fiche", "Ne pas modifier."),
        Field("", VERSION_HEAD, "technical", 8, "version de la fiche", "Ne pas modifier."),
    ]
    fields += [_field(name, card.columns[name], catalogue, names) for name in chosen]
    lines = tuple(
        (
            row.number,
            row.version,
            *(
                exported(card.columns[name], row.values.get(name), catalogue, names)
                for name in chosen
            ),
        )
        for row in rows
    )
    return Export(card, code, tuple(fields), lines, about, tuple(filters), day, tuple(summaries))


def _field(name: str, column: Column, catalogue: Catalogue, names: Names) -> Field:
    kind = column.kind
    how = _HOW[kind]
    target = catalogue.registers.get(column.target or "")
    if target:
        how += f" («{NBSP}{target.title}{NBSP}»)"
    if column.unit:
        how += f", en {column.unit}"
    allowed: tuple[str, ...] = ()
    if kind in _LISTED:
        words = wordings(column, catalogue, names.indicators)
        allowed = tuple(
            words.written(code, alone=kind is not ColumnKind.CHOICES) for code in words.labels
        )
    elif kind is ColumnKind.YES_NO:
        allowed = ("oui", "non")
    return Field(
        name,
        column.label,
        _STYLES.get(kind, "text"),
        max(_WIDTHS[kind], min(24.0, len(column.label) * 0.6 + 4)),
        how,
        column.help,
        column.required,
        allowed,
    )


def closed(each: Field, card: Register) -> bool:
    """May a cell hold one of the allowed texts only, and one?"""
    return bool(each.allowed) and card.columns[each.name].kind not in SEVERAL


def too_long(export: Export) -> ProblemList:
    """The texts that no cell of a workbook would keep whole."""
    problems = ProblemList()
    for line, cells in enumerate(export.lines, 2):
        for each, cell in zip(export.fields, cells, strict=True):
            if isinstance(cell, str) and len(cell) > LONGEST_CELL:
                problems.add(
                    Problem(
                        "texte-trop-long",
                        Where("", export.sheet, line, each.label),
                        f"Le texte de la fiche n°{NBSP}{cells[0]} compte {len(cell)} caractères.",
                        f"au plus {LONGEST_CELL} caractères dans une cellule de classeur.",
                        "Exportez en CSV, ou raccourcissez le texte.",
                    )
                )
    return problems


# ------------------------------------------------------------------ the sheet to read first


def read_me(export: Export) -> Iterator[tuple[str, str]]:
    """The lines of « Lisez-moi »: (head, text); a text alone has no head, a head alone no text."""
    card = export.card
    yield "", card.about
    if card.source:
        yield "Texte qui le demande", card.source
    if export.about:
        yield "Ce fichier", export.about
    count = len(export.lines)
    yield "Lignes", f"{count} {'ligne' if count < 2 else 'lignes'}."
    for text in export.filters:
        yield "Filtre", text
    yield "Modifier et renvoyer", ""
    yield (
        "",
        (
            "Modifiez les cellules, ajoutez des lignes à la fin, puis déposez le fichier sur la "
            f"page du registre{NBSP}: les changements sont montrés avant d’être appliqués."
        ),
    )
    yield NUMBER_HEAD, "Ne le modifiez pas. Laissez-le vide pour une ligne nouvelle."
    yield (
        VERSION_HEAD,
        ("Ne la modifiez pas. Elle dit si quelqu’un a changé la fiche depuis cet export."),
    )
    yield "Cellule vidée", "Le contenu est effacé dans le registre."
    yield "Ligne ou colonne retirée", "Rien ne change dans le registre."
    yield (
        ARCHIVE_HEAD,
        (
            f"Pour archiver des fiches, ajoutez une colonne «{NBSP}{ARCHIVE_HEAD}{NBSP}» et "
            f"écrivez «{NBSP}oui{NBSP}» sur leurs lignes."
        ),
    )
    yield "Colonnes", ""
    for each in export.fields[2:]:
        text = f"{each.how[:1].upper()}{each.how[1:]}."
        if each.required:
            text += " À remplir."
        if each.help:
            text += f" {each.help}"
        if each.allowed and export.card.columns[each.name].kind is not ColumnKind.YES_NO:
            text += f" Valeurs{NBSP}: " + f"{FINE}; ".join(each.allowed) + "."
        yield each.label, text
