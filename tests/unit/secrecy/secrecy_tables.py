"""Random tables for the tests of secrecy: hierarchies, two or three dimensions, linked tables."""

from __future__ import annotations

import dataclasses

import numpy as np

from terril.secrecy.sparse import Csr
from terril.secrecy.system import TableSystem
from terril.secrecy.tables import Dimension, counts, cross


def dimension(name: str, size: int, groups: int) -> Dimension:
    """``size`` codes in ``groups`` groups of a total; no group when there is one only."""
    codes = [f"{name}{n}" for n in range(size)]
    if groups <= 1:
        return Dimension(name, {"total": codes})
    parts = {f"{name}-g{g}": codes[g::groups] for g in range(groups)}
    return Dimension(name, {**parts, "total": tuple(parts)})


def table(
    seed: int, sizes: tuple[int, ...], groups: tuple[int, ...], mean: float, minimum: int = 5
) -> TableSystem:
    """A table of random counts, many of them small; larger cells cost more."""
    rng = np.random.default_rng(seed)
    dimensions = [
        dimension("abcd"[n], size, group)
        for n, (size, group) in enumerate(zip(sizes, groups, strict=True))
    ]
    shape = tuple(sizes)
    values = rng.poisson(rng.gamma(0.7, mean / 0.7, shape))
    base = {
        tuple(f"{'abcd'[n]}{k}" for n, k in enumerate(place)): float(value)
        for place, value in np.ndenumerate(values)
    }
    made = cross(dimensions, base)
    return counts(made, minimum, 1 + np.log1p(made.value))


def linked(seed: int, size: int, mean: float) -> TableSystem:
    """One margin shared by two tables, and a second grouping of the same codes."""
    rng = np.random.default_rng(seed)
    codes = [f"a{n}" for n in range(size)]
    half = [codes[::2], codes[1::2]]
    third = [codes[: size // 2], codes[size // 2 :]]
    groups = {
        "pair": half[0], "impair": half[1], "total": ("pair", "impair"),
        "debut": third[0], "fin": third[1],
    }  # fmt: skip
    first = Dimension("a", groups)
    values = rng.poisson(rng.gamma(0.7, mean / 0.7, (size, 3)))
    base: dict[tuple[str, ...], float] = {
        (f"a{n}", f"b{k}"): float(value) for (n, k), value in np.ndenumerate(values)
    }
    made = cross([first, dimension("b", 3, 1)], base)
    system = counts(made, 5, 1 + np.log1p(made.value))
    # the second grouping has the same total
    index = {code: n for n, code in enumerate(first.codes)}
    keys = made.keys
    row, column, sign = [], [], []
    for k in sorted(set(keys[:, 1].tolist())):
        for code, s in (("debut", 1.0), ("fin", 1.0), ("total", -1.0)):
            at = np.flatnonzero((keys[:, 0] == index[code]) & (keys[:, 1] == k))
            row.append(k)
            column.append(int(at[0]))
            sign.append(s)
    extra = Csr.of(np.array(row), np.array(column), np.array(sign), max(row) + 1, system.size)
    rows = system.rows.stack(extra)
    zeros = np.zeros(rows.rows)
    return dataclasses.replace(
        system, rows=rows, low=zeros, high=zeros, label=np.zeros(rows.rows, dtype=np.int64)
    )
