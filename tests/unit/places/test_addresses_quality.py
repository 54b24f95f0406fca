"""Of noisy addresses of an invented department, how many are placed, and how many wrongly?

The door of each home is not quite where the base places it; streets are missing from the base;
names are mistyped, abbreviated, cut. ``benchmarks/adresses.py`` prints the whole table.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from address_town import EVERYWHERE, RULES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ban_world import World, noisy, world, written
from terril.lib.problems import ProblemList
from terril.places.addresses.base import Base, open_base
from terril.places.addresses.listing import Listed, Listing
from terril.places.addresses.match import Matcher
from terril.places.addresses.parse import Line, address_of
from terril.places.addresses.placing import Answer, Placer
from terril.places.addresses.prepare import prepare
from terril.places.addresses.reasons import State
from terril.places.addresses.survey import Outlines, answer_list
from terril.places.addresses.tally import tally


@dataclass
class Department:
    made: World
    base: Base
    matcher: Matcher
    placer: Placer

    def answer(self, text: str) -> Answer:
        return self.placer.answer(self.matcher.match(address_of(Line(text), self.matcher.is_place)))


@pytest.fixture(scope="module", params=[5, 6])
def department(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Department]:
    made = world(request.param, communes=8, streets=60)
    folder, problems = tmp_path_factory.mktemp("ban"), ProblemList()
    assert prepare(made.write(folder / "adresses.csv"), folder / "b.sqlite", problems)
    base = open_base(folder / "b.sqlite", problems)
    assert base is not None
    with base:
        yield Department(
            made, base, Matcher(base, RULES), Placer(base, made.layer, RULES, EVERYWHERE)
        )


@pytest.mark.parametrize(("strength", "least"), [(0.0, 0.85), (0.35, 0.8), (0.6, 0.7)])
def test_precision_and_share_answered(
    department: Department, strength: float, least: float
) -> None:
    rng = random.Random(11)
    made = department.made
    inside = [home for home in made.homes if home.zone]
    wrong, answered, total = [], 0, 1200
    for _ in range(total):
        pool = made.absent if rng.random() < 0.04 and made.absent else made.homes
        home = rng.choice(inside if rng.random() < 0.5 else pool)
        text = noisy(rng, home, strength) if strength else written(home)
        answer = department.answer(text)
        if answer.state is State.UNKNOWN:
            continue
        answered += 1
        right = answer.zone in ("", home.zone) if answer.state is State.IN else not home.zone
        if not right or (answer.state is State.IN and not home.zone):
            wrong.append((written(home), text, answer))
    assert answered / total >= least
    assert len(wrong) / answered <= 0.01, wrong


def test_a_street_that_the_base_lacks_is_never_placed_inside(department: Department) -> None:
    """Nothing is known of it: an answer may only come from a commune without neighbourhood."""
    answers = [department.answer(written(home)) for home in department.made.absent]
    assert len(answers) > 20
    for home, answer in zip(department.made.absent, answers, strict=True):
        assert answer.state is not State.IN or answer.zone == home.zone


LINES = st.lists(st.one_of(st.integers(0, 10_000), st.text(max_size=30)), min_size=1, max_size=30)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(LINES, st.randoms(use_true_random=False))
def test_every_line_is_counted_once_in_whatever_order(
    department: Department, drawn: list[int | str], rng: random.Random
) -> None:
    homes = department.made.homes
    texts = [
        d if isinstance(d, str) else noisy(random.Random(d), homes[d % len(homes)]) for d in drawn
    ]

    def counted(lines: list[str]) -> object:
        listing = Listing(
            tuple(Listed(n, Line(text)) for n, text in enumerate(lines, 2)), (), "liste.csv", ""
        )
        outlines = [Outlines(department.made.layer, EVERYWHERE)]
        (answers,) = answer_list(listing, outlines, RULES, ProblemList(), base=department.base)
        assert len(answers) == len(lines)
        found = tally(answers)
        assert found.total == len(lines) == found.inside + found.outside + found.unknown
        return found

    shuffled = texts[:]
    rng.shuffle(shuffled)
    assert counted(texts) == counted(shuffled)


def test_the_same_file_prepared_twice_gives_the_same_answers(
    department: Department, tmp_path: Path
) -> None:
    problems = ProblemList()
    source = department.made.write(tmp_path / "adresses.csv")
    assert prepare(source, tmp_path / "again.sqlite", problems, vintage="2026")
    base = open_base(tmp_path / "again.sqlite", problems)
    assert base is not None
    with base:
        matcher = Matcher(base, RULES)
        placer = Placer(base, department.made.layer, RULES, EVERYWHERE)
        rng = random.Random(3)
        for home in rng.sample(department.made.homes, 150):
            text = noisy(rng, home)
            again = placer.answer(matcher.match(address_of(Line(text), matcher.is_place)))
            assert again == department.answer(text)
