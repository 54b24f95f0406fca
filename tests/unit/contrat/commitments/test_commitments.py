"""Does the board put first what is late, remind in time, and does the review miss nothing?"""

from __future__ import annotations

import datetime as dt

import pytest
from commitment_books import TODAY, CommitmentBooks, D, protocol, rows

from terril.catalogue.load import load_catalogue
from terril.contrat.commitments.board import NO_THEME, board, commitments
from terril.contrat.commitments.reminders import awaiting, stages, today_only
from terril.contrat.commitments.review import Moved, review

CATALOGUE = load_catalogue()
NBSP = "\u00a0"


def test_the_commitments_stand_by_theme_in_the_order_of_the_protocol() -> None:
    found = commitments(protocol(), CATALOGUE)
    assert [(c.theme, c.mark) for c in found] == [
        ("Gouvernance", "1"), ("Gouvernance", "2"), ("Emploi", "3"), ("Emploi", "4"),
        (NO_THEME, "5"),
    ]  # fmt: skip
    assert [c.late for c in found] == [False, True, False, False, False]
    assert found[4].state_label == "À engager", "a blank state is that of a new row"
    assert found[0].public_label == "Tenu"


@pytest.mark.parametrize(
    ("papers", "proved"),
    [
        (set(), ["1"]),  # the text of one of its actions
        ({("engagements", 4)}, ["1", "4"]),
        ({("engagements_actions", 1)}, ["1", "3"]),
        ({("versions", 4)}, ["1"]),
    ],
)
def test_a_text_or_a_paper_is_evidence(papers: set[tuple[str, int]], proved: list[str]) -> None:
    found = commitments(protocol(), CATALOGUE, papers)
    assert [c.mark for c in found if c.evidenced] == proved


def test_the_board_puts_late_ones_first_then_the_nearest() -> None:
    day = {"theme": "T", "etat": "engage"}
    books = CommitmentBooks(
        TODAY,
        engagements=rows(
            {"numero": 1, **day},
            {"numero": 2, "echeance": D(2027, 1, 1), **day},
            {"numero": 3, "echeance": D(2026, 11, 1), **day},
            {"numero": 4, "echeance": D(2026, 11, 24), **day},  # today is not late
            {"numero": 5, "echeance": D(2020, 1, 1), "theme": "T", "etat": "realise"},
        ),
    )
    (lane,) = board(commitments(books, CATALOGUE), CATALOGUE)
    held = {state: [c.mark for c in found] for state, _, found in lane.columns}
    assert held == {
        "a_engager": [], "engage": ["3", "4", "2", "1"], "realise": ["5"], "abandonne": []
    }  # fmt: skip
    assert lane.count == 5


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (D(2026, 11, 19), []),
        (D(2026, 11, 20), ["Engagement 3"]),  # 30 days before 20 December
        (D(2026, 11, 24), ["Bus", "Engagement 2"]),  # 7 days before; one day late
        (D(2026, 11, 25), []),
        (D(2026, 12, 20), ["Engagement 3"]),
        (D(2026, 12, 21), ["Engagement 3"]),
        (D(2026, 12, 22), []),
    ],
)
def test_a_reminder_is_said_once_a_stage(today: dt.date, said: list[str]) -> None:
    found = commitments(protocol(today), CATALOGUE)
    told = today_only(found, today, CATALOGUE)
    assert sorted(r.title.split(".")[0].split(" du ")[0] for r in told) == sorted(said)


def test_what_is_awaited_says_who_when_and_how_late() -> None:
    found = awaiting(commitments(protocol(), CATALOGUE), TODAY, CATALOGUE)
    assert [(r.text, r.owner, r.level) for r in found] == [
        (f"Engagement 2. Une commission d’évaluation{NBSP}: attendu le 23 novembre 2026, en "
         "retard de 1 jour", 1, "retard"),
        (f"Bus du soir (engagement 3){NBSP}: attendu le 1er décembre 2026, dans 7 jours", 2,
         "attention"),
        (f"Engagement 3. La mobilité{NBSP}: attendu le 20 décembre 2026, dans 26 jours", 2,
         "information"),
    ]  # fmt: skip
    assert stages(CATALOGUE) == (30, 7)
    # nothing is asked of the actions of a commitment that is done, nor of an abandoned action


def test_the_review_counts_and_lists_what_is_wrong() -> None:
    found = review(commitments(protocol(), CATALOGUE), CATALOGUE, D(2026, 1, 1), TODAY)
    assert [(c.label, c.count) for c in found.counts] == [
        ("À engager", 1), ("Engagé", 2), ("Réalisé", 2), ("Abandonné", 0)
    ]  # fmt: skip
    assert [(line.head, line.cells) for line in found.by_theme.lines] == [
        ("Gouvernance", (0, 1, 1, 0, 2, 1)),
        ("Emploi", (0, 1, 1, 0, 2, 0)),
        (NO_THEME, (1, 0, 0, 0, 1, 0)),
        ("Ensemble", (1, 2, 2, 0, 5, 1)),
    ]
    marks = {
        name: [c.mark for c in getattr(found, name)]
        for name in ("late", "ownerless", "dayless", "unproved")
    }
    assert marks == {"late": ["2"], "ownerless": ["5"], "dayless": ["5"], "unproved": ["4"]}


def test_the_review_tells_the_moves_of_its_period() -> None:
    moves = [
        Moved(2, "engage", "realise", D(2026, 6, 1)),
        Moved(2, "a_engager", "engage", D(2026, 2, 1), "accord du comité"),
        Moved(2, "engage", "engage", D(2026, 3, 1)),
        Moved(1, "a_engager", "engage", D(2025, 12, 31)),  # before
        Moved(3, "a_engager", "engage", D(2026, 11, 25)),  # after
        Moved(99, "a_engager", "engage", D(2026, 5, 1)),  # archived since
    ]
    found = review(commitments(protocol(), CATALOGUE), CATALOGUE, D(2026, 1, 1), TODAY, moves)
    ((moved),) = found.moved
    assert moved.commitment.mark == "1"
    assert moved.moves == (
        (D(2026, 2, 1), "À engager", "Engagé", "accord du comité"),
        (D(2026, 6, 1), "Engagé", "Réalisé", ""),
    )


def test_a_period_must_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="finit avant"):
        review((), CATALOGUE, TODAY, D(2026, 1, 1))


def test_an_empty_protocol_has_an_empty_review() -> None:
    found = review((), CATALOGUE, D(2026, 1, 1), TODAY)
    assert found.total == 0 and found.by_theme.lines[-1].cells == (0, 0, 0, 0, 0, 0)


def test_the_register_computes_the_same_counts_as_the_review() -> None:
    from terril.contrat.commitments.measures import commitments_summary

    books = protocol()
    reviewed = review(commitments(books, CATALOGUE), CATALOGUE, D(2026, 1, 1), TODAY)
    found = commitments_summary(books, CATALOGUE)
    assert [(line.head, line.cells) for line in found.tables[0].lines] == [
        (line.head, line.cells) for line in reviewed.by_theme.lines
    ]
    assert [alert.level for alert in found.alerts] == ["retard", "attention", "information"]
