"""Which questions does a tree raise, and when are the promises of the signatories awaited?"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from tree_books import TODAY, TreeBooks, of_2015, rows

from terril.catalogue.load import load_catalogue
from terril.contrat.tree import money
from terril.contrat.tree.nodes import build
from terril.contrat.tree.questions import Movement, Movements, Questions, questions
from terril.contrat.tree.yearly import alerts, next_update, promises

E, D = Decimal, dt.date
INDICATOR = "education.taux_retard_6e"


def asked(movements: Movements, *actions: dict[str, object]) -> Questions:
    books = TreeBooks(
        arbre=of_2015(),
        actions=rows(*actions),
        financements=rows(*({"action": n, "accorde": E(10)} for n in range(1, len(actions) + 1))),
    )
    tree = build(books.rows("arbre"), TODAY)
    own = money.grouped(money.by_objective(books, tree), lambda share: share.place)
    return questions(tree, own, money.actions_by_node(books, tree), movements)


def test_what_each_objective_lacks() -> None:
    found = asked({}, {"objectifs": (5,)}, {"objectifs": (3,)}, {"objectifs": (2, 6)})
    assert [n.code for n in found.without_goal] == ["P1.2.2", "P1.3", "P1.10", "T"]
    assert [n.code for n in found.without_indicator] == ["P1.2.2", "P1.3", "P1.10", "T"]
    assert [n.code for n in found.without_action] == ["P1.2.1", "T"]
    # P1.2 is paid too, and an indicator stands below it
    assert [(f.node.code, f.money.granted, f.split) for f in found.funded_unfollowed] == [
        ("P1.2.2", E(10), False), ("P1.3", E(5), True), ("P1.10", E(5), True)
    ]  # fmt: skip
    assert found.count == 4 + 4 + 2 + 3


@pytest.mark.parametrize(
    ("movement", "objectives", "told"),
    [
        (Movement.WORSENS, (2,), True),
        (Movement.IMPROVES, (2,), True),
        (Movement.MOVES, (2,), True),
        (Movement.STABLE, (2,), False),
        (Movement.UNKNOWN, (2,), False),
        (Movement.WORSENS, (4,), False),  # an action is on it
        (Movement.WORSENS, (3,), True),  # an action on its axis is not one on it
    ],
)
def test_indicators_that_move_without_action(
    movement: Movement, objectives: tuple[int, ...], told: bool
) -> None:
    found = asked({INDICATOR: {"Quartier A": movement}}, {"objectifs": objectives})
    assert bool(found.moving_alone) == told


def test_a_moving_indicator_says_where() -> None:
    by_place = {"A": Movement.WORSENS, "B": Movement.IMPROVES, "C": Movement.STABLE,
                "D": Movement.MOVES, "E": Movement.WORSENS}  # fmt: skip
    (found,) = asked({INDICATOR: by_place, "emploi.autre": {"A": Movement.WORSENS}}).moving_alone
    assert [n.code for n in found.nodes] == ["P1.2.1"]
    assert (found.worse, found.better, found.other) == (("A", "E"), ("B",), ("D",))


def promise(year: int, **values: object) -> dict[str, object]:
    return {"organisation": 1, "engagement": "Places de crèche", "annee": year, **values}


@pytest.mark.parametrize(
    ("day", "awaited"),
    [
        (D(2026, 3, 31), [2024]),  # 90 days after the end of 2025: not yet
        (D(2026, 4, 1), [2024, 2025]),
        (D(2027, 4, 1), [2024, 2025, 2026]),
    ],
)
def test_a_year_without_its_value_is_awaited_after_the_delay(
    day: dt.date, awaited: list[int]
) -> None:
    found = promises(
        rows(
            promise(2023, cible=E(40), realise=E(30), indicateur="places", unite="places"),
            # 2024 has no row at all
            promise(2025, cible=E(40)),
            promise(2026, cible=E(50)),
            promise(2022, etat="non_tenu"),  # said in words
        ),
        day,
        load_catalogue(),
    )
    (one,) = found
    assert [y.year for y in one.years] == [2022, 2023, 2024, 2025, 2026]
    assert [y.year for y in one.awaited] == awaited
    assert one.years[1].reached == Fraction(3, 4) and one.years[3].reached is None
    assert [a.number for a in alerts(found)][:2] == [None, 2][: len(awaited)]
    assert str(awaited[0]) in alerts(found)[0].text


@pytest.mark.parametrize(
    ("starts", "ends", "updates", "due"),
    [
        (D(2024, 3, 31), D(2030, 12, 31), [], D(2027, 3, 31)),
        (D(2024, 3, 31), D(2030, 12, 31), [D(2026, 12, 1)], D(2029, 12, 1)),
        (D(2024, 3, 31), D(2030, 12, 31), [D(2028, 1, 1)], None),  # the end comes first
        (D(2024, 2, 29), None, [], D(2027, 2, 28)),
        (None, None, [], None),
    ],
)
def test_the_update_comes_three_years_after_the_start_or_the_last_one(
    starts: dt.date | None, ends: dt.date | None, updates: list[dt.date], due: dt.date | None
) -> None:
    versions = rows(
        {"nature": "avenant", "date": D(2026, 1, 1)},
        *({"nature": "actualisation", "date": day} for day in updates),
    )
    found = next_update(starts, ends, versions, load_catalogue())
    assert (found.due if found else None) == due


@pytest.mark.parametrize(
    ("day", "level"),
    [(D(2026, 9, 30), None), (D(2026, 10, 2), "attention"), (D(2027, 3, 31), "attention"),
     (D(2027, 4, 1), "retard"), (D(2030, 12, 31), "retard"), (D(2031, 1, 1), None)],
)  # fmt: skip
def test_the_update_is_told_in_time(day: dt.date, level: str | None) -> None:
    update = next_update(D(2024, 3, 31), D(2030, 12, 31), [], load_catalogue())
    assert update is not None
    alert = update.alert(day)
    assert (alert.level if alert else None) == level
    if level == "attention":
        assert alert is not None and "si les parties en sont d’accord" in alert.text
