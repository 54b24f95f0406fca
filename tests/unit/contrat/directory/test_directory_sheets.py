"""Does the public directory hold what is published, and nothing else?"""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from directory_world import TODAY, small_directory
from terril.catalogue.load import load_catalogue
from terril.contrat.directory.freshness import awaiting, is_late, late, months_later
from terril.contrat.directory.sheets import public_directory, whole_directory

CATALOGUE = load_catalogue()


def test_everybody_reads_published_sheets_and_published_offers_that_are_not_over() -> None:
    directory = public_directory(small_directory(), CATALOGUE)
    assert [sheet.name for sheet in directory.sheets] == [
        "Centre social des Moulins",
        "Mission locale du Bassin",
    ]
    assert [offer.title for offer in directory.offers] == [
        "Aide aux devoirs",
        "Ateliers numériques",
        "Accompagnement vers l’emploi",
    ]


@pytest.mark.parametrize("state", ["brouillon", "a_relire", "retiree", None])
def test_a_sheet_in_another_state_is_nowhere(state: str | None) -> None:
    books = small_directory()
    books.put("operateurs", 1, **{**books.held["operateurs"][1], "etat": state})
    assert public_directory(books, CATALOGUE).sheet(1) is None


def test_personal_columns_are_in_neither_reading() -> None:
    for read in (public_directory, whole_directory):
        said = repr(dataclasses.asdict(read(small_directory(), CATALOGUE).sheets[0]))
        assert "Secrète" not in said and "secret@" not in said and "x@y.fr" not in said


def test_a_column_that_its_card_no_longer_says_public_is_blank_for_everybody() -> None:
    register = CATALOGUE.registers["operateurs"]
    hidden = register.columns["telephone_accueil"].model_copy(update={"public": False})
    columns = {**register.columns, "telephone_accueil": hidden}
    registers = {
        **CATALOGUE.registers,
        "operateurs": register.model_copy(update={"columns": columns}),
    }
    catalogue = dataclasses.replace(CATALOGUE, registers=registers)
    assert public_directory(small_directory(), CATALOGUE).sheets[0].phone == "0321000000"
    assert public_directory(small_directory(), catalogue).sheets[0].phone == ""
    shown = {sheet.name: sheet for sheet in whole_directory(small_directory(), catalogue).sheets}
    assert shown["Centre social des Moulins"].phone == "0321000000"


def test_no_personal_column_of_the_cards_is_public() -> None:
    for code in ("operateurs", "offres"):
        columns = CATALOGUE.registers[code].columns
        assert not CATALOGUE.registers[code].public
        assert not [name for name, column in columns.items() if column.personal and column.public]


def test_the_whole_directory_keeps_offers_of_a_structure_without_a_sheet() -> None:
    directory = whole_directory(small_directory(), CATALOGUE)
    sheet = directory.sheet(5)
    assert sheet is not None and sheet.number is None
    assert [offer.title for offer in sheet.offers] == ["Chantier école"]
    assert len(directory.offers) == 7


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-03-02", 12, "2027-03-02"),
        ("2026-10-31", 4, "2027-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2026-12-01", 1, "2027-01-01"),
    ],
)
def test_months_later(day: str, months: int, expected: str) -> None:
    assert months_later(dt.date.fromisoformat(day), months).isoformat() == expected


@pytest.mark.parametrize(
    ("reviewed", "expected"),
    [
        (dt.date(2025, 11, 24), False),  # due today: not yet late
        (dt.date(2025, 11, 23), True),
        (None, True),
    ],
)
def test_a_sheet_is_late_the_day_after(reviewed: dt.date | None, expected: bool) -> None:
    books = small_directory()
    books.put("operateurs", 1, organisation=1, etat="publiee", a_jour_le=reviewed)
    sheet = whole_directory(books, CATALOGUE).sheet(1)
    assert sheet is not None
    assert is_late(sheet, TODAY, 12) is expected


def test_a_draft_is_never_late_and_the_never_seen_come_first() -> None:
    books = small_directory()
    books.put("operateurs", 1, organisation=1, etat="publiee")
    found = late(whole_directory(books, CATALOGUE), 12)
    assert [(item.sheet.organisation, item.due) for item in found] == [
        (1, None),
        (2, dt.date(2026, 10, 1)),
    ]


def test_the_team_reads_what_is_new_then_what_changed() -> None:
    found = awaiting(whole_directory(small_directory(), CATALOGUE))
    assert [sheet.organisation for sheet in found.new] == [3]
    assert [sheet.organisation for sheet in found.changed] == [2]
    assert [sheet.organisation for sheet in found.drafts] == [4]
    assert found.count == 2
