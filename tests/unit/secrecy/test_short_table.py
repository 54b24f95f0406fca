"""Whatever the small table, can nobody find a small count in what is shown of it?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terril.secrecy.short_table import ShortTable, short_table

MINIMUM = 5
LEAST = 11  # no share is given of a shorter list; a known total of 6 hides nothing of its parts
Groups = dict[str, dict[str, int]]


def possible(shown: ShortTable) -> Iterator[tuple[dict[str, int], dict[tuple[str, str], int]]]:
    """Every table of whole numbers that looks like this one: groups, and their parts."""
    names = list(shown.groups)
    nothing = all(count is None for count in shown.groups.values())  # zeros are hidden too

    def groups(rank: int, left: int) -> Iterator[dict[str, int]]:
        if rank == len(names):
            if left == 0:
                yield {}
            return
        fixed = shown.groups[names[rank]]
        for value in range(not nothing, left + 1) if fixed is None else [fixed]:
            for rest in groups(rank + 1, left - value):
                yield {names[rank]: value, **rest}

    def parts(cells: list[tuple[str, int | None]], left: int) -> Iterator[dict[str, int]]:
        if not cells:
            if left == 0:
                yield {}
            return
        (name, fixed), *others = cells
        for value in range(1, left + 1) if fixed is None else [fixed]:
            if value <= left:
                for rest in parts(others, left - value):
                    yield {name: value, **rest}

    for chosen in groups(0, shown.total):
        ways: list[dict[tuple[str, str], int]] = [{}]
        for name, value in chosen.items():
            cells = list(shown.parts[name].items())
            if cells:
                found = [
                    {(name, part): n for part, n in way.items()} for way in parts(cells, value)
                ]
                ways = [{**one, **other} for one in ways for other in found]
        yield from ((chosen, way) for way in ways)


def check(groups: Groups) -> None:
    shown = short_table(groups, MINIMUM)
    total = sum(sum(parts.values()) for parts in groups.values())
    if total < LEAST:
        return
    assert shown is not None and shown.total == total
    tables = list(possible(shown))
    truth = {name: sum(parts.values()) for name, parts in groups.items()}
    assert any(chosen == truth for chosen, _ in tables), "what is shown is true"
    for name, count in truth.items():
        assert shown.groups[name] in (None, count)
        if 0 < count < MINIMUM:
            assert shown.groups[name] is None
            seen = {chosen[name] for chosen, _ in tables}
            present = sum(n > 0 for n in groups[name].values())  # told by the list of parts
            assert {max(1, present if shown.parts[name] else 1), MINIMUM} <= seen
        for part, number in groups[name].items():
            if part not in shown.parts[name]:
                continue
            assert shown.parts[name][part] in (None, number)
            if 0 < number < MINIMUM:
                assert {1, MINIMUM} <= {way[name, part] for _, way in tables}


small = st.integers(0, 9)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(small, min_size=1, max_size=3),
    small,
    st.lists(small, min_size=1, max_size=3),
)
def test_no_small_count_is_found(inside: list[int], outside: int, unknown: list[int]) -> None:
    check(
        {
            "dans": {f"q{n}": count for n, count in enumerate(inside)},
            "indetermine": {f"m{n}": count for n, count in enumerate(unknown)},
            "hors": {"hors": outside},
        }
    )


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        # nothing small: all is shown
        ({"dans": {"a": 30, "b": 12}, "hors": {"hors": 20}}, {"dans": 42, "hors": 20}),
        # the parts hide one another, the groups stay
        ({"dans": {"a": 30, "b": 2}, "hors": {"hors": 20}}, {"dans": 32, "hors": 20}),
        # a small group hides another, the one that matters stays
        (
            {"dans": {"a": 60}, "indetermine": {"x": 2}, "hors": {"hors": 40}},
            {"dans": 60, "indetermine": None, "hors": None},
        ),
        # nobody is nobody
        ({"dans": {"a": 60}, "hors": {"hors": 0}}, {"dans": 60, "hors": 0}),
        # both sides go when there are only two
        ({"dans": {"a": 98}, "hors": {"hors": 2}}, {"dans": None, "hors": None}),
    ],
)
def test_what_is_shown(groups: Groups, expected: dict[str, int | None]) -> None:
    shown = short_table(groups, MINIMUM)
    assert shown is not None and dict(shown.groups) == expected
    check(groups)


def test_a_table_too_small_is_not_shown() -> None:
    assert short_table({"dans": {"a": 2}, "hors": {"hors": 2}}, MINIMUM) is None
