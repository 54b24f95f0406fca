"""Do the cards of registers leave their words to the spreadsheets and to the addresses?"""

from __future__ import annotations

import datetime as dt

import pytest

from terril.catalogue.load import load_catalogue
from terril.catalogue.registers import ColumnKind
from terril.registres.choose import ARCHIVED, SORT, WORDS
from terril.registres.folding import fold, tight
from terril.registres.sheets import find_heads, known_heads, sheet_name
from terril.registres.wordings import wordings
from terril.reports.registres.layout import export_of

CATALOGUE = load_catalogue()


class _Nobody:
    indicators: dict[str, str] = {}

    def name(self, register: str, number: int) -> str:
        return f"n° {number}"

    def find(self, register: str, text: str) -> tuple[int, ...]:
        return ()


def test_there_are_registers_to_look_at() -> None:
    assert len(CATALOGUE.registers) >= 3


@pytest.mark.parametrize("code", CATALOGUE.registers)
def test_the_heads_of_an_export_are_recognised_one_by_one(code: str) -> None:
    card = CATALOGUE.registers[code]
    export = export_of(
        card, code, [], CATALOGUE, _Nobody(), about="", day=dt.date(2026, 11, 24)
    )  # fmt: skip
    heads = find_heads([[each.label for each in export.fields]], known_heads(card))
    assert heads is not None
    found = [heads.columns.get(place) for place in range(len(export.fields))]
    assert found == ["#n", "#version", *card.columns]


@pytest.mark.parametrize("code", CATALOGUE.registers)
def test_no_column_takes_a_word_of_the_addresses_or_of_the_tools(code: str) -> None:
    card = CATALOGUE.registers[code]
    assert not {WORDS, SORT, ARCHIVED, "page"} & set(card.columns)
    labels = {fold(column.label) for column in card.columns.values()}
    assert not {"n°", "version", "archiver"} & labels


def test_words_of_a_list_are_told_apart() -> None:
    seen = 0
    for card in CATALOGUE.registers.values():
        for column in card.columns.values():
            if column.kind in (ColumnKind.CHOICE, ColumnKind.CHOICES, ColumnKind.STATE):
                words = wordings(column, CATALOGUE, {})
                seen += len(words.labels)
                forms = [tight(label) for label in words.labels.values()]
                assert len(set(forms)) == len(forms), (card.title, column.label)
                for code, label in words.labels.items():
                    assert words.code(label) == words.code(words.written(code)) == code
    assert seen > 5


def test_sheets_of_a_contract_have_names_of_their_own() -> None:
    names = [tight(sheet_name(card.title)) for card in CATALOGUE.registers.values()]
    assert len(set(names)) == len(names)
