"""Are presences, variety and constancy what their definitions say, on sheets one can count?"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting_books import CATALOGUE, SmallBooks, day
from terril.contrat.meetings.assiduity import Attendance, assiduity, inverse_simpson
from terril.contrat.meetings.bodies import awaited, members, quorum, sheets
from terril.contrat.meetings.decisions import follow_up, open_decisions
from terril.contrat.meetings.measures import (
    INDICATORS,
    attendance_summary,
    decisions_summary,
    indicator_values,
)
from terril.registres.rows import Row

ORGANISATIONS = [
    {"nom": "Agglomération", "nature": "epci"},
    {"nom": "Ville A", "nature": "commune"},
    {"nom": "Ville B", "nature": "commune"},
    {"nom": "État", "nature": "etat"},
    {"nom": "Conseil citoyen", "nature": "conseil_citoyen"},
]


def books(sheets_of_states: list[str], **more: Any) -> SmallBooks:
    """One body of five structures; a text a meeting: p, r, e, a, or - for nothing noted."""
    codes = {"p": "present", "r": "represente", "e": "excuse", "a": "absent"}
    colleges = ("intercommunalite", "communes", "communes", "etat", "habitants")
    return SmallBooks(
        more.pop("today", "2026-12-01"),
        organisations=ORGANISATIONS,
        instances=[{"nom": "Comité technique", "rythme": 3, "quorum": 3}],
        mandats=[
            {"instance": 1, "organisation": i, "qualite": "titulaire", "college": college}
            for i, college in enumerate(colleges, 1)
        ],
        reunions=[
            {"titre": f"n° {i}", "instance": 1, "date": day(f"2026-0{i}-10"), "etat": "tenue"}
            for i in range(1, len(sheets_of_states) + 1)
        ],
        presences=[
            {"reunion": meeting, "organisation": organisation, "etat": codes[state]}
            for meeting, states in enumerate(sheets_of_states, 1)
            for organisation, state in enumerate(states, 1)
            if state != "-"
        ],
        **more,
    )


#: sheets; there, known, unknown; constant, never (names); presence rate
SHEETS: list[tuple[list[str], tuple[int, int, int], list[str], list[str]]] = [
    (["ppppp", "ppppp", "ppppp"], (15, 15, 0), ["Agglomération", "Conseil citoyen", "État",
                                               "Ville A", "Ville B"], []),
    (["pprea", "ppaea", "pappa"], (8, 15, 0), ["Agglomération", "Ville A", "Ville B"],
     ["Conseil citoyen"]),
    (["pp---", "pp---"], (4, 4, 6), ["Agglomération", "Ville A"], []),
    (["ppppp", "-----"], (5, 5, 5), [], []),
    (["-----"], (0, 0, 5), [], []),
    ([], (0, 0, 0), [], []),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "counts", "constant", "never"), SHEETS)
def test_counts_and_constancy(
    texts: list[str], counts: tuple[int, int, int], constant: list[str], never: list[str]
) -> None:
    told = assiduity(books(texts), CATALOGUE, 1, 2026)
    assert (told.there, told.known, told.unknown) == counts
    assert sorted(s.name for s in told.structures if s.constant) == sorted(constant)
    assert [s.name for s in told.never] == never
    assert told.held == len(texts)
    assert told.presence_rate == (Fraction(counts[0], counts[1]) if counts[1] else None)


def test_two_thirds_exactly_is_constant_and_less_is_not() -> None:
    told = assiduity(books(["pp", "pp", "aa"]), CATALOGUE)
    shares = {s.name: (s.share, s.constant) for s in told.structures if s.known}
    assert shares["Ville A"] == (Fraction(2, 3), True)
    told = assiduity(books(["p", "p", "a", "a"]), CATALOGUE)
    assert [s.constant for s in told.structures if s.known] == [False]


def test_nothing_noted_is_not_absence() -> None:
    told = assiduity(books(["-----", "-----"]), CATALOGUE, 1)
    assert (told.without_sheet, told.presence_rate, told.distinct) == (2, None, None)
    assert told.represented_share is None and told.never == ()


def test_colleges_and_variety() -> None:
    told = assiduity(books(["ppp--", "ppp--"]), CATALOGUE, 1)
    assert told.represented_share == Fraction(2, 4)
    assert dict(told.natures) == {"commune": 4, "epci": 2}
    assert told.variety == Fraction(36, 16 + 4)


@given(st.lists(st.integers(0, 40), max_size=12))
def test_variety_is_between_one_and_the_number_of_natures(counts: list[int]) -> None:
    kept = [count for count in counts if count]
    variety = inverse_simpson(counts)
    if not kept:
        assert variety is None
    else:
        assert variety is not None and 1 <= variety <= len(kept)
        assert inverse_simpson([7] * len(kept)) == len(kept)
        shares = [count / sum(kept) for count in kept]
        assert float(variety) == pytest.approx(1 / sum(p * p for p in shares))


def test_people_residents_and_sex_are_counted_where_they_are_told() -> None:
    base = books(["ppppp"])
    told_lines: list[dict[str, Any]] = [
        {"nombre": 3, "femmes": 2, "hommes": 1}, {"femmes": 1, "hommes": 1}, {"nombre": 4},
        {}, {"nombre": 5, "femmes": 4, "hommes": 1, "habitants": True},
    ]  # fmt: skip
    lines = [
        {**row.values, **told} for row, told in zip(base.rows("presences"), told_lines, strict=True)
    ]
    whole = SmallBooks(
        "2026-12-01",
        **{
            register: [row.values for row in base.rows(register)]
            for register in ("organisations", "instances", "mandats", "reunions")
        },
        presences=lines,
    )
    told = assiduity(whole, CATALOGUE, 1, 2026)
    assert (told.people, told.lines_without_people) == (3 + 2 + 4 + 5, 1)
    assert told.resident_share == Fraction(5, 14)
    assert told.women_share == Fraction(7, 10)


def test_a_substitute_that_stays_home_is_not_missed() -> None:
    held = {"titre": "n° 1", "instance": 1, "date": day("2026-01-10"), "etat": "tenue"}
    for state, expected in (("absent", (1, 1)), ("present", (2, 2))):
        told = assiduity(
            SmallBooks(
                "2026-12-01",
                organisations=ORGANISATIONS,
                instances=[{"nom": "C"}],
                mandats=[
                    {"instance": 1, "organisation": 1, "qualite": "titulaire"},
                    {"instance": 1, "organisation": 2, "qualite": "suppleant"},
                ],
                reunions=[held],
                presences=[
                    {"reunion": 1, "organisation": 1, "etat": "present"},
                    {"reunion": 1, "organisation": 2, "etat": state},
                ],
            ),
            CATALOGUE,
        )
        assert (told.there, told.known) == expected, state


def test_only_meetings_that_were_held_count() -> None:
    texts = books(["ppppp"])
    rows = [row.values for row in texts.rows("reunions")]
    others = [{**rows[0], "etat": state} for state in ("prevue", "convoquee", "annulee")]
    whole = SmallBooks(
        "2026-12-01", organisations=ORGANISATIONS, instances=[{"nom": "C"}],
        reunions=[*rows, *others],
    )  # fmt: skip
    assert assiduity(whole, CATALOGUE).held == 1
    assert Attendance(whole, CATALOGUE).years == (2026,)


def test_a_mandate_counts_from_its_first_day_to_its_last() -> None:
    whole = SmallBooks(
        "2026-12-01",
        organisations=ORGANISATIONS,
        mandats=[
            {"instance": 1, "organisation": 1, "depuis": day("2026-02-01")},
            {"instance": 1, "organisation": 2, "jusqua": day("2026-02-01")},
            {"instance": 2, "organisation": 3},
        ],
    )
    seen = {
        iso: [m.name for m in members(whole, 1, day(iso))]
        for iso in ("2026-01-31", "2026-02-01", "2026-02-02")
    }
    assert seen == {
        "2026-01-31": ["Ville A"],
        "2026-02-01": ["Agglomération", "Ville A"],
        "2026-02-02": ["Agglomération"],
    }


def test_a_structure_added_by_hand_is_awaited_too() -> None:
    whole = books(["pp"])
    extra = [*(r.values for r in whole.rows("presences"))]
    extra.append({"reunion": 1, "organisation": 5, "etat": "present"})
    mandates = [row.values for row in whole.rows("mandats")][:2]
    again = SmallBooks(
        "2026-12-01",
        organisations=ORGANISATIONS,
        instances=[{"nom": "C"}],
        mandats=mandates,
        reunions=[row.values for row in whole.rows("reunions")],
        presences=extra,
    )
    names = [a.name for a in awaited(again, again.row("reunions", 1))]
    assert names == ["Agglomération", "Ville A", "Conseil citoyen"]


def test_the_quorum_counts_full_members_that_came() -> None:
    for text, reached in (("ppraa", True), ("ppeaa", False)):
        whole = books([text])
        found = quorum(whole, whole.row("reunions", 1))
        assert found is not None and found.reached is reached


def test_sheets_together_are_the_sheets_one_by_one() -> None:
    whole = books(["pprea", "ppaea", "-----"])
    rows = whole.rows("reunions")
    assert [s.awaited for s in sheets(whole, rows)] == [awaited(whole, row) for row in rows]


def test_the_summary_warns_under_the_rhythm_once_the_year_ends() -> None:
    early = attendance_summary(books(["ppppp"], today="2026-06-01"), CATALOGUE, 2026)
    assert not early.alerts
    late = attendance_summary(books(["ppppp"], today="2027-01-02"), CATALOGUE, 2026)
    assert late.alerts[0].level == "retard"
    assert "1 réunion tenue en 2026, 3 attendues" in late.alerts[0].text
    table = late.tables[0]
    assert all(len(line.cells) == len(table.heads) - 1 for line in table.lines)
    assert len(table.units) == len(table.heads) - 1


def test_bodies_without_a_meeting_are_shown_when_they_have_a_rhythm() -> None:
    whole = SmallBooks("2026-12-01", instances=[{"nom": "B", "rythme": 1}, {"nom": "A"}])
    assert [row.get("nom") for row, _ in Attendance(whole, CATALOGUE).by_body(2026)] == ["B"]


def test_indicator_values_have_a_label_each_and_are_unknown_without_data() -> None:
    empty = indicator_values(SmallBooks("2026-12-01"), CATALOGUE, 2026)
    assert set(empty) == set(INDICATORS)
    assert empty.pop("gouvernance.nb_reunions_tenues") == 0
    assert set(empty.values()) == {None}
    full = indicator_values(books(["ppppp", "ppppp", "ppppa"]), CATALOGUE, 2026)
    assert full["gouvernance.part_instances_au_rythme"] == 1
    assert full["gouvernance.taux_presence"] == Fraction(14, 15)


DECISIONS: list[dict[str, Any]] = [
    {"etat": "fait", "echeance": day("2026-03-01"), "fait_le": day("2026-03-01")},
    {"etat": "fait", "echeance": day("2026-03-01"), "fait_le": day("2026-03-02")},
    {"etat": "fait"},
    {"etat": "en_cours", "echeance": day("2026-11-30"), "responsable": 1},
    {"etat": "a_faire", "echeance": day("2026-12-01")},
    {"etat": "abandonne", "echeance": day("2026-01-01")},
    {},
]


def test_decisions_are_counted_by_state_and_by_day() -> None:
    rows = [Row(n, 1, values) for n, values in enumerate(DECISIONS, 1)]
    told = follow_up(rows, day("2026-12-01"))
    assert (told.total, told.done, told.going, told.waiting, told.given_up) == (7, 3, 1, 2, 1)
    assert (told.late, told.without_owner, told.without_day) == (1, 2, 1)
    assert told.done_share == Fraction(3, 6)
    assert told.in_time_share == Fraction(1, 3)


def test_what_is_left_to_do_comes_from_former_meetings_of_the_body() -> None:
    whole = SmallBooks(
        "2026-12-01",
        reunions=[
            {"instance": 1, "date": day("2026-01-10")},
            {"instance": 2, "date": day("2026-01-10")},
            {"instance": 1, "date": day("2026-06-10")},
        ],
        decisions=[
            {"decision": "tard", "reunion": 1, "echeance": day("2026-09-01")},
            {"decision": "tôt", "reunion": 1, "echeance": day("2026-02-01")},
            {"decision": "faite", "reunion": 1, "etat": "fait"},
            {"decision": "ailleurs", "reunion": 2},
            {"decision": "du jour", "reunion": 3},
        ],
    )
    found = open_decisions(whole, 1, day("2026-06-10"))
    assert [row.get("decision") for row in found] == ["tôt", "tard"]


def test_the_follow_up_names_what_is_late_and_who_owes_it() -> None:
    whole = SmallBooks(
        "2026-12-01",
        organisations=ORGANISATIONS,
        instances=[{"nom": "Comité"}],
        reunions=[{"instance": 1, "date": day("2026-01-10")}],
        decisions=[{"decision": "Écrire", "reunion": 1, "responsable": 4,
                    "echeance": day("2026-02-01")}],
    )  # fmt: skip
    told = decisions_summary(whole, CATALOGUE)
    assert [a.text for a in told.alerts] == [
        "«\u00a0Écrire\u00a0» (État) était attendue pour le 1er février 2026."
    ]
    assert [line.head for line in told.tables[0].lines] == ["Comité", "Toutes"]
