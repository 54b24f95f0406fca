"""Two people changed the same row: what can be kept of both, and where do they disagree?

Pure comparison by column. Long texts that both changed are shown side by side by words.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

Op = Literal["=", "-", "+"]
Piece = tuple[Op, str]

#: pieces compared at once; beyond, the comparison stays at the level of lines or clauses
_MOST: Final = 1500
_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")
_CLAUSES: Final = re.compile(r"[^.!?;:,\n]*[.!?;:,\n]+\s*|[^.!?;:,\n]+")
_WORDS: Final = re.compile(r"\w+|\s+|[^\w\s]")


def merge(
    base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Join two changes of one row made from ``base``; an absent column is blank.

    Returns the joined values and the columns that both changed to different values; there the
    joined values hold theirs, which is what stands in the register.
    """
    merged: dict[str, Any] = {}
    conflicts: list[str] = []
    for name in dict.fromkeys((*base, *theirs, *mine)):
        was, yours, ours = base.get(name), theirs.get(name), mine.get(name)
        if ours in (was, yours):
            merged[name] = yours
        elif yours == was:
            merged[name] = ours
        else:
            merged[name] = yours
            conflicts.append(name)
    return merged, tuple(conflicts)


def words(before: str, after: str) -> list[Piece]:
    """What differs between two texts: pieces kept (« = »), removed (« - »), added (« + »).

    The pieces « = » and « - » put together give ``before``, « = » and « + » give ``after``.
    Takes a fraction of a second on texts of 20 000 characters, alike or not.
    """
    return _joined(_compared(before, after, (_LINES, _CLAUSES, _WORDS)))


def _compared(before: str, after: str, levels: Sequence[re.Pattern[str]]) -> Iterator[Piece]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    head, tail = _shared(old, new)
    yield from _piece("=", "".join(old[:head]))
    middle, changed = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(middle) <= _MOST and len(changed) <= _MOST:
        yield from _diffed(middle, changed, _replaced)
    else:
        yield from _by_level("".join(middle), "".join(changed), levels)
    yield from _piece("=", "".join(old[len(old) - tail :]))


def _by_level(before: str, after: str, levels: Sequence[re.Pattern[str]]) -> Iterator[Piece]:
    """Compare large texts by lines, then what differs by clauses, then by words."""
    old, new = levels[0].findall(before), levels[0].findall(after)
    if len(levels) == 1 or len(old) > _MOST or len(new) > _MOST:
        yield from _replaced(before, after)
    else:
        yield from _diffed(old, new, lambda a, b: _compared(a, b, levels[1:]))


def _shared(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many pieces the two have in common at the head, and at the tail."""
    least = min(len(old), len(new))
    head = next((i for i in range(least) if old[i] != new[i]), least)
    tail = next((i for i in range(least - head) if old[-1 - i] != new[-1 - i]), least - head)
    return head, tail


def _diffed(
    old: Sequence[str], new: Sequence[str], inside: Callable[[str, str], Iterator[Piece]]
) -> Iterator[Piece]:
    """Compare two series of pieces; what is replaced is compared by ``inside``."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=True)
    for op, i, j, k, m in matcher.get_opcodes():
        if op == "equal":
            yield from _piece("=", "".join(old[i:j]))
        else:
            yield from inside("".join(old[i:j]), "".join(new[k:m]))


def _replaced(before: str, after: str) -> Iterator[Piece]:
    yield from _piece("-", before)
    yield from _piece("+", after)


def _piece(op: Op, text: str) -> Iterator[Piece]:
    if text:
        yield op, text


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    """Put neighbours of one kind together; between two kept pieces, removed before added."""
    joined: list[Piece] = []
    removed = added = ""
    for op, text in (*pieces, ("=", "")):
        if op == "-":
            removed += text
        elif op == "+":
            added += text
        else:
            joined += [*_piece("-", removed), *_piece("+", added)]
            removed = added = ""
            if joined and joined[-1][0] == "=" and text:
                joined[-1] = ("=", joined[-1][1] + text)
            else:
                joined += _piece("=", text)
    return joined
