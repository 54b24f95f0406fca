"""Are lines that were loaded before recognised, and new ones left to be added?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from terril.catalogue.registers import Register
from terril.registres.compare import Plan
from terril.registres.incoming import Incoming, Pending
from terril.registres.recognise import recognised
from terril.registres.rows import Row

COLUMNS = {
    "code": {"label": "Code", "kind": "texte"},
    "depuis": {"label": "Depuis", "kind": "date"},
    "texte": {"label": "Texte", "kind": "long"},
    "tags": {"label": "Parents", "kind": "liens", "target": "essai"},
}


def card(*key: str) -> Register:
    return Register.model_validate(
        {
            "title": "Essai", "singular": "essai", "gender": "m", "group": "acteurs",
            "about": "Essai.", "name": ["code"], "key": list(key), "write": ["a"],
            "columns": COLUMNS,
        }
    )  # fmt: skip


def plan(*lines: Mapping[str, Any]) -> Plan:
    return Plan(tuple(Incoming(n, None, None, values) for n, values in enumerate(lines, 2)))


def rows(*held: Mapping[str, Any]) -> list[Row]:
    return [Row(n, 7, values) for n, values in enumerate(held, 1)]


def test_a_key_with_a_blank_part_recognises_its_row_and_changes_it() -> None:
    held = rows({"code": "A", "texte": "un"}, {"code": "B", "texte": "deux"})
    made = recognised(
        card("code", "depuis"),
        plan({"code": "A ", "texte": "un"}, {"code": "B", "texte": "DEUX"}, {"code": "C"}),
        held,
    )
    assert [one.values["code"] for one in made.added] == ["C"]
    (change,) = made.changed
    assert (change.number, change.version, change.line) == (2, 7, 3)
    assert change.values == {"texte": "DEUX"} and made.unchanged == 1


def test_two_rows_of_one_key_are_nobodys() -> None:
    held = rows({"code": "A", "texte": "un"}, {"code": "A", "texte": "deux"})
    made = recognised(card("code", "depuis"), plan({"code": "A"}), held)
    assert len(made.added) == 1 and not made.changed


def test_without_a_key_each_row_answers_for_one_line() -> None:
    held = rows({"code": "A", "texte": "x\ny", "tags": (1, 2)}, {"code": "A", "texte": "x\ny"})
    line = {"code": "A", "texte": "x\r\ny ", "tags": (2, 1)}
    made = recognised(card(), plan(line, line), held)
    assert made.unchanged == 1 and len(made.added) == 1
    made = recognised(card(), plan({"code": "A"}, {"code": "A"}, {"code": "A"}), held)
    assert made.unchanged == 2 and len(made.added) == 1, "columns that the file lacks do not count"


def test_blank_lines_archived_rows_and_links_to_new_rows_are_never_recognised() -> None:
    held = [Row(1, 1, {"code": "A"}, archived=True), Row(2, 1, {"texte": "sans code"})]
    waiting = {"code": "A", "tags": (Pending("essai", "B", 3),)}
    made = recognised(card("code", "depuis"), plan({"code": "A"}, {"texte": "autre"}), held)
    assert len(made.added) == 2
    held = rows({"code": "A"})
    assert len(recognised(card(), plan(waiting), held).added) == 1
