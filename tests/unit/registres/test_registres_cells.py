from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register_values import values
from register_world import EVERYTHING, catalogue, names_of, row

from terril.catalogue.registers import ColumnKind
from terril.registres.cells import (
    Fault,
    exported,
    held,
    read_cell,
    read_text,
    shown,
    stored,
    typed,
)

CATALOGUE = catalogue()
NAMES = names_of(row(1, nom="Premier"), row(2, nom="Deux"), row(3, nom="n° 2"))
COLUMNS = EVERYTHING.columns


def _text(column: str, text: str) -> Any:
    return read_text(COLUMNS[column], text, CATALOGUE, NAMES)


def _cell(column: str, cell: Any) -> Any:
    return read_cell(COLUMNS[column], cell, CATALOGUE, NAMES)


READ = [
    ("nom", "  L’été   ", "L’été"),
    ("nom", "deux\r\nlignes", "deux lignes"),
    ("nom", "e\u0301te", "éte"),
    ("detail", "un\r\ndeux\n", "un\ndeux"),
    ("nb", "1 234", 1234),
    ("nb", "1\u202f234 logements", 1234),
    ("nb", "12,0", 12),
    ("mesure", "−3,5", Decimal("-3.5")),
    ("mesure", "1.234,5", Decimal("1234.5")),
    ("mesure", "+ 12.25", Decimal("12.25")),
    ("cout", "1 234,50 €", Decimal("1234.50")),
    ("cout", "12 k€", Decimal(12000)),
    ("cout", "1,5 M€", Decimal(1500000)),
    ("cout", "2 millions d’euros", Decimal(2000000)),
    ("cout", "3 euros", Decimal(3)),
    ("taux", "12,5\u202f%", Decimal("12.5")),
    ("taux", "30", Decimal(30)),
    ("jour", "24/11/2026", dt.date(2026, 11, 24)),
    ("jour", "24.11.26", dt.date(2026, 11, 24)),
    ("jour", "2026-11-24", dt.date(2026, 11, 24)),
    ("jour", "mardi 24 novembre 2026", dt.date(2026, 11, 24)),
    ("jour", "1er février 2020", dt.date(2020, 2, 1)),
    ("heure", "14 h 30", dt.time(14, 30)),
    ("heure", "9h", dt.time(9)),
    ("heure", "14:30:00", dt.time(14, 30)),
    ("an", "2024", 2024),
    ("vu", "Oui", True),
    ("vu", "non", False),
    ("theme", "santé", "sante"),
    ("theme", "SANTE", "sante"),
    ("theme", "cadre de vie; habitat", "cadre"),
    ("themes", "nord; Sud", ("nord", "sud")),
    ("themes", "Nord-Sud\nemploi\n\n", ("nord_sud", "emploi")),
    ("themes", "Cadre de vie ; habitat", ("cadre",)),
    ("etat", "En cours", "cours"),
    ("ville", "saint etienne du bois", 1),
    ("ville", "85210", 1),
    ("ville", "n° 4", 4),
    ("ville", "N°4", 4),
    ("ville", "Saint-Denis (n° 4)", 4),
    ("ville", "Partie (n° 7)", 7),
    ("villes", "Le Havre ; n° 3; le havre", (2, 3)),
    ("indicateurs", "taux de pauvreté", ("revenus.taux_pauvrete",)),
    ("indicateurs", "sante.part_ald ; Taux de pauvreté",
     ("sante.part_ald", "revenus.taux_pauvrete")),
    ("courriel", " contact@exemple.fr ", "contact@exemple.fr"),
    ("tel", "03.21.00.00.00", "03 21 00 00 00"),
    ("tel", "+33 (0)3 21 00 00 00", "03 21 00 00 00"),
    ("tel", "0033321000000", "03 21 00 00 00"),
    ("tel", "00 32 2 123 45 67", "+32 2 123 45 67"),
    ("site", "www.exemple.fr", "https://www.exemple.fr"),
    ("siret", "732 829 320 00074", "73282932000074"),
    ("siret", "356 000 000 49837", "35600000049837"),
    ("rna", "w123456789", "W123456789"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "text", "value"), READ)
def test_what_people_type_is_understood(column: str, text: str, value: Any) -> None:
    assert _text(column, text) == value
    assert _cell(column, text) == value


REFUSED = [
    ("nb", "12,5"), ("nb", "douze"), ("nb", "1 23 4"), ("mesure", "1,2,3"), ("mesure", "1e5"),
    ("mesure", "1" * 16), ("cout", "1,234"), ("cout", "cher"), ("taux", "beaucoup %"),
    ("jour", "31/02/2026"), ("jour", "11/24/2026"), ("jour", "24/11/0226"), ("jour", "hier"),
    ("heure", "25:00"), ("heure", "14"), ("heure", "12 h 75"), ("heure", "12:"), ("an", "24"),
    ("an", "2200"), ("vu", "peut-être"), ("theme", "sports"), ("themes", "Nord; sports"),
    ("etat", "Perdu"), ("ville", "Saint-Denis"), ("ville", "n° 99"), ("ville", "Atlantis"),
    ("ville", "Partie"), ("villes", "Le Havre; Atlantis"), ("indicateurs", "météo"),
    ("courriel", "a@b"), ("courriel", "a@b.fr, c@d.fr"), ("courriel", "a b@c.fr"),
    ("tel", "12345"), ("tel", "0321000000 ou 0321000001"), ("site", "javascript:alert(1)"),
    ("site", "ftp://exemple.fr"), ("site", "exemple.fr"), ("site", "https://a b.fr"),
    ("site", "https://"), ("siret", "73282932000075"), ("siret", "35600000049838"),
    ("siret", "7328293200007"), ("rna", "123456789"), ("rna", "W12345678"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "text"), REFUSED)
def test_what_cannot_be_understood_is_refused_with_a_remedy(column: str, text: str) -> None:
    for read in (_text, _cell):
        with pytest.raises(Fault) as caught:
            read(column, text)
        assert caught.value.what.endswith(".")
        assert caught.value.expected.endswith((".", "…"))
        assert caught.value.remedy.endswith(".")


@pytest.mark.parametrize("column", COLUMNS)
def test_blank_is_no_value(column: str) -> None:
    for blank in ("", "  ", "\n", "\u00a0"):
        assert _text(column, blank) is None
        assert _cell(column, blank) is None
    assert _cell(column, None) is None
    assert stored(COLUMNS[column], None) is held(COLUMNS[column], None) is None
    assert shown(COLUMNS[column], None, CATALOGUE, NAMES) == ""


CELLS = [
    ("nom", 7.0, "7"),
    ("nom", 7.5, "7,5"),
    ("nom", dt.datetime(2026, 11, 24), "24/11/2026"),
    ("nb", 12.0, 12),
    ("mesure", 19.600000000000001, Decimal("19.6")),
    ("mesure", 1 / 3, Decimal("0.333333333333333")),
    ("cout", 1234.5, Decimal("1234.50")),
    ("cout", 0.1 + 0.2, Decimal("0.30")),
    ("jour", dt.datetime(2026, 11, 24, 10, 30), dt.date(2026, 11, 24)),
    ("jour", dt.date(2026, 11, 24), dt.date(2026, 11, 24)),
    ("heure", 0.5, dt.time(12)),
    ("heure", dt.time(14, 29, 59, 999999), dt.time(14, 30)),
    ("heure", dt.timedelta(hours=9, minutes=5), dt.time(9, 5)),
    ("an", 2026.0, 2026),
    ("vu", True, True),
    ("vu", 0.0, False),
    ("ville", 85210.0, 1),
    ("ville", 3.0, 3),
    ("ville", "2", 6),  # a town is called so: in a file, names come before numbers
    ("tel", 321000000.0, "03 21 00 00 00"),
    ("siret", 73282932000074.0, "73282932000074"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "cell", "value"), CELLS)
def test_cells_of_a_workbook_are_understood(column: str, cell: Any, value: Any) -> None:
    assert _cell(column, cell) == value


@pytest.mark.parametrize(
    ("column", "cell"),
    [("cout", 100 / 3), ("nb", 1.5), ("jour", 45000.0), ("heure", dt.time(14, 30, 20)),
     ("heure", 1.5), ("mesure", float("inf")), ("cout", 1e30), ("nb", 1e30),
     ("an", dt.datetime(2026, 1, 1)), ("theme", 3.0)],
)  # fmt: skip
def test_cells_that_mean_something_else_are_refused(column: str, cell: Any) -> None:
    with pytest.raises(Fault):
        _cell(column, cell)


def test_in_a_form_a_number_is_that_of_a_row() -> None:
    assert _text("ville", "2") == 2
    assert _cell("ville", "2") == 6


def test_an_ambiguous_name_is_answered_by_the_candidates() -> None:
    with pytest.raises(Fault) as caught:
        _text("ville", "saint denis")
    assert "Saint-Denis (n°\u00a03), Saint-Denis (n°\u00a04)" in caught.value.expected


def test_a_word_almost_of_the_list_is_suggested() -> None:
    with pytest.raises(Fault) as caught:
        _text("theme", "Emplois")
    assert caught.value.remedy == "Écrivez «\u00a0Emploi\u00a0»."


SHOWN = [
    ("cout", Decimal("1234.5"), "1\u202f234,50\u202f€"),
    ("taux", Decimal("12.50"), "12,5\u202f%"),
    ("nb", 1234, "1\u202f234\u00a0logements"),
    ("mesure", Decimal("-3.10"), "−3,1"),
    ("jour", dt.date(2026, 11, 24), "24 novembre 2026"),
    ("jour", dt.date(2026, 12, 1), "1er décembre 2026"),
    ("heure", dt.time(14, 5), "14\u00a0h\u00a005"),
    ("heure", dt.time(9), "9\u00a0h"),
    ("vu", True, "oui"),
    ("an", 2026, "2026"),
    ("theme", "sante", "Santé"),
    ("theme", "retire", "retire"),
    ("themes", ("nord", "sud"), "Nord, Sud"),
    ("etat", "fait", "Réalisé"),
    ("ville", 2, "Le Havre"),
    ("villes", (2, 99), "Le Havre, n° 99"),
    ("indicateurs", ("revenus.taux_pauvrete",), "Taux de pauvreté"),
    ("siret", "73282932000074", "732\u00a0829\u00a0320\u00a000074"),
]


@pytest.mark.parametrize(("column", "value", "text"), SHOWN)
def test_a_value_is_shown_as_france_writes_it(column: str, value: Any, text: str) -> None:
    assert shown(COLUMNS[column], value, CATALOGUE, NAMES) == text


def test_a_link_is_exported_by_a_text_that_is_this_row_alone() -> None:
    texts = {n: exported(COLUMNS["ville"], n, CATALOGUE, NAMES) for n in range(1, 8)}
    assert texts == {
        1: "Saint-Étienne-du-Bois",
        2: "Le Havre",
        3: "Saint-Denis (n°\u00a03)",
        4: "Saint-Denis (n°\u00a04)",
        5: "n°\u00a05",
        6: "2",
        7: "Partie (n°\u00a07)",
    }


@pytest.mark.parametrize("name", COLUMNS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_values_survive_storage_forms_and_spreadsheets(name: str, data: st.DataObject) -> None:
    column = COLUMNS[name]
    value = data.draw(values(column))
    kept = held(column, stored(column, value))
    assert (kept, type(kept)) == (value, type(value))
    if column.kind is ColumnKind.NUMBER:
        assert str(kept) == str(value)
    assert read_text(column, typed(column, value, CATALOGUE, NAMES), CATALOGUE, NAMES) == value
    cell = exported(column, value, CATALOGUE, NAMES)
    assert read_cell(column, cell, CATALOGUE, NAMES) == value
    as_read = float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell
    assert read_cell(column, as_read, CATALOGUE, NAMES) == value
    assert shown(column, value, CATALOGUE, NAMES)
