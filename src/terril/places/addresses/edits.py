"""By how many letters do two words differ?"""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=262144)
def distance(first: str, second: str, limit: int = 2) -> int:
    """Return the letters to change, add, drop or swap with the next one; ``limit + 1`` beyond.

    Optimal string alignment (Damerau 1964, without repeated edits of one place).
    """
    if first == second:
        return 0
    if abs(len(first) - len(second)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        row = [i]
        for j, other in enumerate(second, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return min(last[-1], limit + 1)
