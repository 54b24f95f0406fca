from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from register_world import EVERYTHING, catalogue, names_of, row

from terril.lib.problems import ProblemList
from terril.registres.compare import Plan, check_plan, plan, same
from terril.registres.incoming import Incoming, Pending, Reading, in_order, resolve
from terril.registres.merge import merge, words
from terril.registres.rows import Row

CATALOGUE = catalogue()
ROWS = [
    Row(1, 3, {"nom": "Un", "code": "A", "nb": 5, "themes": ("nord", "sud")}),
    Row(2, 1, {"nom": "Deux", "code": "B"}),
    Row(3, 1, {"nom": "Trois"}, archived=True),
]
HISTORY = {(1, 2): {"nom": "Un", "code": "A", "nb": 4, "themes": ("nord",)}}


def _plan(*incoming: Incoming) -> Plan:
    return plan(
        EVERYTHING, incoming, ROWS, CATALOGUE, names_of(), lambda n, v: HISTORY.get((n, v))
    )  # fmt: skip


def _line(
    number: int | None, values: Mapping[str, Any], version: int | None = None, archive: bool = False
) -> Incoming:
    return Incoming(10, number, version, values, archive)


def test_rows_are_matched_by_number_then_by_key() -> None:
    made = _plan(_line(1, {"nom": "Uno"}), _line(None, {"code": "b", "nb": 3}),
                 _line(None, {"nom": "Neuf", "code": "C"}))  # fmt: skip
    assert [(c.number, c.fields) for c in made.changed] == [
        (1, {"nom": ("Un", "Uno")}), (2, {"code": ("B", "b"), "nb": (None, 3)}),
    ]  # fmt: skip
    assert [a.values["nom"] for a in made.added] == ["Neuf"]
    assert made.changed[0].version == 3


def test_a_blank_cell_erases_and_an_absent_column_does_not() -> None:
    made = _plan(_line(1, {"nb": None}), _line(2, {"nb": None}))
    assert [(c.number, c.fields) for c in made.changed] == [(1, {"nb": (5, None)})]
    assert made.unchanged == 1


def test_a_row_cited_by_its_number_is_not_taken_again_by_its_key() -> None:
    made = _plan(_line(1, {"code": "Z"}), _line(None, {"nom": "Autre", "code": "A"}))
    assert [c.fields for c in made.changed] == [{"code": ("A", "Z")}]
    assert [a.values["nom"] for a in made.added] == ["Autre"]


def test_links_between_lines_are_settled_by_the_numbers_of_the_plan() -> None:
    parent = Incoming(2, None, None, {"nom": "Renommé", "code": "A"})
    new = Incoming(3, None, None, {"nom": "Neuf", "parent": Pending("tout", "renommé", 2)})
    leaf = Incoming(4, None, None, {"nom": "Feuille", "parent": Pending("tout", "neuf", 3)})
    made = _plan(leaf, parent, new)
    numbers = dict(made.numbers)
    kept = {}
    for number, one in enumerate(in_order(made.added), 50):
        kept[number] = resolve(one.values, numbers)
        numbers[one.line] = number
    assert kept == {50: {"nom": "Neuf", "parent": 1}, 51: {"nom": "Feuille", "parent": 50}}


def test_an_archived_row_is_missing_and_a_row_may_be_archived() -> None:
    made = _plan(_line(3, {"nom": "X"}), _line(2, {}, archive=True))
    assert [m.number for m in made.missing] == [3]
    assert [(c.number, dict(c.fields)) for c in made.archived] == [(2, {})]
    assert made.unchanged == 0


CONFLICTS = [
    # column, value in the file made from version 2 → changed, fought over
    ("nom", "Un", {}, {}),
    ("nom", "Uno", {"nom": ("Un", "Uno")}, {}),
    ("nb", 4, {}, {}),  # they changed it, the file did not
    ("nb", 5, {}, {}),  # both wrote the same
    ("nb", 6, {}, {"nb": (4, 6)}),
    ("nb", None, {}, {"nb": (4, None)}),
    ("themes", ("sud", "nord"), {}, {}),
]


@pytest.mark.parametrize(("column", "value", "changed", "fought"), CONFLICTS)
def test_only_what_both_changed_is_a_conflict(
    column: str, value: Any, changed: dict[str, Any], fought: dict[str, Any]
) -> None:
    made = _plan(_line(1, {column: value}, version=2))
    assert [dict(c.fields) for c in made.changed] == ([changed] if changed else [])
    assert [dict(c.fields) for c in made.conflicts] == ([fought] if fought else [])
    if fought:
        assert made.conflicts[0].theirs == {column: ROWS[0].values[column]}


def test_without_its_former_version_every_difference_is_a_conflict() -> None:
    made = _plan(_line(1, {"nom": "Uno", "nb": 5}, version=1))
    assert [dict(c.fields) for c in made.conflicts] == [{"nom": (None, "Uno")}]
    assert made.changed == ()


def test_without_a_version_the_file_wins() -> None:
    assert _plan(_line(1, {"nb": 6})).changed[0].fields == {"nb": (5, 6)}


def test_line_ends_and_order_of_choices_are_no_change() -> None:
    columns = EVERYTHING.columns
    assert same(columns["detail"], "a\r\nb ", "a\nb")
    assert same(columns["themes"], ("nord", "sud"), ("sud", "nord"))
    assert same(columns["themes"], (), None)
    assert not same(columns["detail"], "a b", "a\nb")
    assert not same(columns["nb"], 0, None)


def _checked(*incoming: Incoming) -> list[tuple[str, int | None, str]]:
    reading = Reading(incoming, ProblemList(), (), "f.xlsx", "Tout")
    problems = check_plan(EVERYTHING, _plan(*incoming), reading, ROWS, CATALOGUE)
    assert all(p.where.file == "f.xlsx" and p.where.sheet == "Tout" for p in problems)
    return [(p.code, p.where.line, p.where.column) for p in problems]


def test_a_plan_is_checked_against_the_card() -> None:
    assert _checked(_line(1, {"nb": 6}), _line(None, {"nom": "Neuf"})) == []
    assert _checked(_line(1, {"nb": -6})) == [("valeur-refusee", 10, "Nombre de logements")]
    assert _checked(_line(1, {"nom": None})) == [("valeur-refusee", 10, "Intitulé")]
    assert _checked(_line(None, {"code": "Z"})) == [("valeur-refusee", 10, "Intitulé")]
    assert _checked(_line(3, {})) == [("ligne-archivee", 10, "N°")]


def test_a_plan_keeps_keys_apart_and_lets_two_rows_exchange_theirs() -> None:
    assert _checked(_line(1, {"code": "B"})) == [("cle-prise", 10, "Code")]
    assert _checked(_line(1, {"code": "B"}), _line(2, {"code": "A"})) == []
    assert _checked(_line(1, {"code": "B"}), _line(2, {}, archive=True)) == []


# ------------------------------------------------------------------ merge

_VALUES = st.none() | st.integers(0, 2)
_ROW = st.dictionaries(st.sampled_from("abc"), _VALUES)


@given(_ROW, _ROW, _ROW)
def test_a_merge_loses_nothing_and_invents_nothing(
    base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]
) -> None:
    merged, conflicts = merge(base, theirs, mine)
    for name in "abc":
        was, yours, ours = base.get(name), theirs.get(name), mine.get(name)
        fought = was != yours and was != ours and yours != ours
        assert (name in conflicts) is fought
        if not fought:
            changed = [value for value in (yours, ours) if value != was]
            assert merged.get(name) == (changed[0] if changed else was)
        else:
            assert merged[name] == yours


@given(_ROW, _ROW)
def test_who_changed_nothing_gets_the_other_s_row(
    base: dict[str, Any], other: dict[str, Any]
) -> None:
    for merged, conflicts in (merge(base, other, base), merge(base, base, other)):
        assert conflicts == ()
        assert {k: v for k, v in merged.items() if v is not None} == {
            k: v for k, v in other.items() if v is not None
        }


_PROSE = st.lists(st.sampled_from(["eau", "air ", "\n", ". ", "feu,", " ", "terre"]), max_size=60)


@given(_PROSE.map("".join), _PROSE.map("".join))
def test_pieces_give_both_texts_back(before: str, after: str) -> None:
    pieces = words(before, after)
    assert "".join(text for op, text in pieces if op != "+") == before
    assert "".join(text for op, text in pieces if op != "-") == after
    assert all(text for _, text in pieces)
    assert all(one[0] != two[0] for one, two in zip(pieces, pieces[1:], strict=False))


def test_words_that_changed_are_shown() -> None:
    assert words("Le projet est prévu en 2026.", "Le grand projet est prévu en 2027.") == [
        ("=", "Le "), ("+", "grand "), ("=", "projet est prévu en "), ("-", "2026"),
        ("+", "2027"), ("=", "."),
    ]  # fmt: skip
    assert words("", "") == []
    assert words("a", "a") == [("=", "a")]


def test_a_word_changed_in_a_very_long_text_is_found_alone() -> None:
    sentences = [f"Phrase {n} du texte, assez longue pour compter" for n in range(400)]
    before = ". ".join(sentences)
    after = before.replace("Phrase 17 ", "Strophe 17 ").replace("Phrase 390 ", "Strophe 390 ")
    assert len(before) > 10_000
    changed = [piece for piece in words(before, after) if piece[0] != "="]
    assert changed == [("-", "Phrase"), ("+", "Strophe")] * 2


def test_a_text_rewritten_from_end_to_end_takes_no_time() -> None:
    before = " ".join(f"m{n % 61}" for n in range(7000))
    after = " ".join(f"m{(n * 7) % 61}" for n in range(7000))
    pieces = words(before, after)
    assert "".join(text for op, text in pieces if op != "+") == before


def test_the_row_of_a_change_is_among_the_rows() -> None:
    rows = [row(n, nom=f"N{n}") for n in range(1, 4)]
    made = plan(EVERYTHING, [_line(2, {"nom": "X"})], rows, CATALOGUE, names_of())
    assert made.changed[0].values == {"nom": "X"}
    assert not made.empty
