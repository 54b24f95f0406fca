"""Which cells and relations make a table whose dimensions are grouped?

A table of counts crosses dimensions; each has groupings (neighbourhoods in communes, all
communes together; bands of age, all ages). Every crossing of the levels is a published cell, and
every group of a dimension is a sum, the other dimensions being held.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from terril.secrecy.sparse import Csr, Floats, Ints
from terril.secrecy.system import State, TableSystem


@dataclass(frozen=True)
class Dimension:
    """The codes of a dimension, and its groups: code of the group → codes that it adds up.

    ``again``: groups that other codes add up too (neighbourhoods by commune, and by type: one
    total for both).
    """

    name: str
    groups: Mapping[str, Sequence[str]]
    again: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def sums(self) -> tuple[tuple[str, Sequence[str]], ...]:
        """Every sum: its group and the codes that it adds up."""
        return (*self.groups.items(), *self.again.items())

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code, those that are added before their groups."""
        found: dict[str, None] = {}
        for members in self.groups.values():
            found.update(dict.fromkeys(m for m in members if m not in self.groups))
        found.update(dict.fromkeys(self.groups))
        return tuple(found)


@dataclass(frozen=True)
class Table:
    """The cells of a table: one row of ``keys`` a cell (a code number by dimension)."""

    dimensions: tuple[Dimension, ...]
    keys: np.ndarray[tuple[int, int], np.dtype[np.int64]]
    value: Floats
    rows: Csr


def cross(dimensions: Sequence[Dimension], base: Mapping[tuple[str, ...], float]) -> Table:
    """Return every cell of the table with its value, and its sums.

    ``base``: the value of each crossing of the finest codes; one that is absent is zero.
    """
    codes = [d.codes for d in dimensions]
    shape = [len(c) for c in codes]
    cube = np.zeros(shape)
    index = [{code: n for n, code in enumerate(c)} for c in codes]
    for key, value in base.items():
        cube[tuple(place[part] for place, part in zip(index, key, strict=True))] += value
    for axis, dimension in enumerate(dimensions):
        moved = np.moveaxis(cube, axis, 0)
        for group in _inner_first(dimension):
            members = [index[axis][m] for m in dimension.groups[group]]
            moved[index[axis][group]] = moved[members].sum(axis=0)
    numbers = np.arange(cube.size).reshape(shape)
    row: list[Ints] = []
    column: list[Ints] = []
    sign: list[Floats] = []
    count = 0
    for axis, dimension in enumerate(dimensions):
        across: Ints = np.moveaxis(numbers, axis, 0)
        for group, names in dimension.sums:
            total = across[index[axis][group]].reshape(-1)
            parts = across[[index[axis][m] for m in names]].reshape(len(names), -1)
            ids = np.arange(count, count + len(total))
            row += [ids, np.tile(ids, len(names))]
            column += [total, parts.reshape(-1)]
            sign += [-np.ones(len(total)), np.ones(parts.size)]
            count += len(total)
    matrix = Csr.of(
        np.concatenate(row), np.concatenate(column), np.concatenate(sign), count, cube.size
    )
    keys = np.stack(np.unravel_index(np.arange(cube.size), shape), axis=1)
    return Table(tuple(dimensions), keys, cube.reshape(-1), matrix)


def _inner_first(dimension: Dimension) -> list[str]:
    """Return the groups so that one comes after those that it adds up."""
    done: dict[str, None] = {}

    def visit(group: str) -> None:
        for member in dimension.groups[group]:
            if member in dimension.groups and member not in done:
                visit(member)
        done[group] = None

    for group in dimension.groups:
        if group not in done:
            visit(group)
    return list(done)


def counts(table: Table, minimum: int, weight: Floats | None = None) -> TableSystem:
    """Return the system of a table of counts under a minimum; zeros are published.

    A blanked count is at least 1 (zeros are shown), and the attacker must not be able to exclude
    1 nor the minimum. ``weight``: what blanking costs; by default the same for every cell.
    """
    size = len(table.value)
    sensitive = (table.value > 0) & (table.value < minimum)
    state = np.full(size, int(State.FREE))
    state[sensitive] = State.SENSITIVE
    state[table.value == 0] = State.ZERO
    relations = table.rows.rows
    return TableSystem(
        value=table.value,
        weight=np.ones(size) if weight is None else weight,
        state=state,
        lower=np.ones(size),
        upper=np.full(size, np.inf),
        half=np.zeros(size),
        need_low=np.where(sensitive, 1.0, np.nan),
        need_high=np.where(sensitive, float(minimum), np.nan),
        margin=np.full(size, np.nan),
        whole=np.ones(size, dtype=bool),
        rows=table.rows,
        low=np.zeros(relations),
        high=np.zeros(relations),
        label=np.zeros(relations, dtype=np.int64),
    )


def exact_disclosure(system: TableSystem) -> TableSystem:
    """Return the system whose attacker knows the relations only, and must not find a figure.

    The weakest protection: nothing is assumed of a blanked figure, not even that it is not
    negative, and any doubt about it is enough. It is what tools of linear algebra check; ours is
    never that weak, this serves to compare.
    """
    guarded = system.guarded
    return dataclasses.replace(
        system,
        lower=np.full(system.size, -np.inf),
        upper=np.full(system.size, np.inf),
        need_low=np.where(guarded, system.value, np.nan),
        need_high=np.where(guarded, system.value + 1, np.nan),
        whole=np.zeros(system.size, dtype=bool),
    )
