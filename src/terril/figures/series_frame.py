"""Where does each part of a chart of a series stand: scales, rules, lines, words?

One :class:`Frame` a chart. Time and values are to scale; labels are placed one after the other,
each at a free place (``series_labels``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from terril.figures.metrics import text_width, wrap
from terril.figures.series_labels import Box, Placer, crossed, rows_of
from terril.figures.series_model import Cut, Point, Reference, Segment, scale_of
from terril.figures.svg import circle, colour, fill, label, num, path, stroke

_SIZE: Final = 7.2
_ROW: Final = 9.0  # a line of labels
_EDGE: Final = 14.0  # half a period and its value stay inside
_PAD: Final = 11.0  # room for values above and below the extremes
_AXIS: Final = 10.5  # under the axis: the periods
_RADIUS: Final = 2.5
_FAR: Final = 5.0  # a reference may stretch the scale so many times
_HALO: Final = 1.6  # a white edge, only where something is in the way
_CAP: Final = 0.7  # of a text, above its baseline, in em


class Frame:
    """The scales of one chart and what is placed in it."""

    def __init__(
        self,
        segments: Sequence[Segment],
        cuts: Sequence[Cut],
        references: Sequence[Reference],
        width: float,
        plot: float,
        margin: float,
        domain: tuple[float, float] | None,
        *,
        told: bool,
    ) -> None:
        self.segments = segments
        self.cuts = sorted(cuts, key=lambda cut: cut.at)
        self.width = width
        points = [p for segment in segments for p in segment.points]
        times = [*(p.at for p in points), *(cut.at for cut in cuts)]
        self.first, self.last = min(times), max(times)
        values = [p.value for p in points if p.value is not None]
        self.low, self.high = domain if domain else scale_of(values)
        self.drawn, self.beyond = self._references(references)
        names = [text_width(_end_text(r), _SIZE) + 7 for r in self.drawn if told]
        names += [text_width(_end_text(r), _SIZE) + 11.5 for r, _ in self.beyond if told]
        self.left = _EDGE
        self.right = width - max([_EDGE, margin, *names])
        self.told = told
        self.marked = self._marked()
        worded = [cut for cut in self.cuts if told and cut not in self.marked]
        spans = [self._span(cut) for cut in worded]
        self.rows = dict(zip(map(id, worded), rows_of(spans), strict=True))
        self.halo = _HALO if self._crossed(worded) else 0.0
        top = max((row + 1 for row in self.rows.values()), default=0) * _ROW
        sides = _ROW if any(any(cut.sides) for cut in self.cuts) else 0.0
        self.head = top
        self.top = top + sides
        self.axis = self.top + plot
        self.notes = self._notes()
        self.height = self.axis + _AXIS + _ROW * len(self.notes)
        self.placer = Placer(Box(0, self.top - 2, width, self.axis - 0.5))

    # ------------------------------------------------------------------ scales

    def _references(
        self, references: Sequence[Reference]
    ) -> tuple[list[Reference], list[tuple[Reference, int]]]:
        """Widen the scale for the references; set apart those that would flatten the series."""
        low, high = self.low, self.high
        limit = _FAR * (high - low)
        drawn: list[Reference] = []
        beyond: list[tuple[Reference, int]] = []
        for reference in references:
            values = [p.value for p in reference.known if p.value is not None]
            if not values:
                continue
            least, most = min(low, *values), max(high, *values)
            if most - least <= limit or self.low == self.high:
                self.low, self.high = min(self.low, least), max(self.high, most)
                drawn.append(reference)
            else:
                beyond.append((reference, 1 if max(values) > high else -1))
        return drawn, beyond

    def x(self, at: float) -> float:
        """Where a moment stands, in points from the left."""
        if self.last == self.first:
            return (self.left + self.right) / 2
        share = (at - self.first) / (self.last - self.first)
        return self.left + share * (self.right - self.left)

    def y(self, value: float) -> float:
        """Where a value stands, in points from the top."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return self.axis - _PAD - share * (self.axis - self.top - 2 * _PAD)

    # ------------------------------------------------------------------ breaks

    def _span(self, cut: Cut) -> tuple[float, float]:
        """Left and right of a label: from its rule on, else up to it, else inside the figure."""
        wide = text_width(cut.label, _SIZE, 600 if cut.blocks else 400)
        x = self.x(cut.at) - 2
        left = x if x + wide <= self.width else max(min(x + 4, self.width) - wide, 0.0)
        return left, left + wide

    def _marked(self) -> list[Cut]:
        """The breaks that are only noted, when the words of all do not hold in two rows."""
        spans = [self._span(cut) for cut in self.cuts]
        if self.told and max(rows_of(spans), default=0) < 2 and not self._crossed(self.cuts):
            return []
        return [cut for cut in self.cuts if not cut.blocks]

    def _crossed(self, cuts: Sequence[Cut]) -> bool:
        """Does a rule go through the words of another?"""
        spans = [self._span(cut) for cut in cuts]
        return crossed([self.x(cut.at) for cut in cuts], spans, rows_of(spans))

    def _notes(self) -> list[str]:
        lines: list[str] = []
        for number, cut in enumerate(self.marked if self.told else (), 1):
            lines += wrap(f"{number}\u00a0 {cut.label}", self.width, _SIZE)
        return lines

    def rules(self) -> list[str]:
        """The rules with their words above, and the marks on the axis."""
        parts: list[str] = []
        words: list[str] = []
        for cut in self.cuts:
            if cut in self.marked:
                parts += self._mark(cut)
                continue
            x, base = self.x(cut.at), self.head - self.rows.get(id(cut), 0) * _ROW - 2.6
            dash = 'stroke-dasharray="3 2"' if cut.blocks else 'stroke-dasharray="0.6 2"'
            ink = stroke("ardoise-2" if cut.blocks else "gris", 0.9 if cut.blocks else 0.7, dash)
            line = f"M{num(x)} {num(base + 1.8)}V{num(self.axis)}"
            if self._through_sides(cut):  # the rule lets the words of another rule pass
                above = f"M{num(x)} {num(base + 1.8)}V{num(self.head)}" if self.told else ""
                line = f"{above}M{num(x)} {num(self.top)}V{num(self.axis)}"
            parts.append(path(line, ink))
            self.placer.lines.append((x, self.top, x, self.axis))
            words += self._rule_words(cut, x, base)
        return [*parts, *words]

    def _through_sides(self, cut: Cut) -> bool:
        """Would the rule go through what another says of its sides?"""
        here = self.x(cut.at)
        return any(
            text and 0 <= (here - self.x(other.at)) * way <= text_width(text, 7) + 4
            for other in self.cuts
            if other is not cut
            for text, way in zip(other.sides, (-1, 1), strict=True)
        )

    def _rule_words(self, cut: Cut, x: float, base: float) -> Iterable[str]:
        """What broke the series, above its rule; what each side is the figure of, beside it."""
        if self.told:
            left, _ = self._span(cut)
            weight = 600 if cut.blocks else 400
            yield label(left, base, cut.label, size=_SIZE, weight=weight, token="ardoise-2",
                        halo=self.halo)  # fmt: skip
        for text, anchor, way in zip(cut.sides, ("end", "start"), (-1, 1), strict=True):
            if text:
                yield label(x + 3 * way, self.top - 1.6, text, size=7, token="ardoise-2",
                            anchor=anchor)  # fmt: skip

    def _mark(self, cut: Cut) -> Iterable[str]:
        """A small triangle that stands on the axis, with its number when it is told below."""
        x = self.x(cut.at)
        d = f"M{num(x - 2.4)} {num(self.axis)}L{num(x)} {num(self.axis - 3.8)}"
        yield path(f"{d}L{num(x + 2.4)} {num(self.axis)}z", fill("ardoise-2"))
        if self.told:
            number = str(self.marked.index(cut) + 1)
            yield label(x, self.axis - 5.2, number, size=7, weight=600, token="ardoise-2",
                        anchor="middle")  # fmt: skip
        self.placer_later(Box(x - 3, self.axis - 11, x + 3, self.axis))

    def placer_later(self, box: Box) -> None:
        """Keep a place free of the labels that come later."""
        self.placer.boxes.append(box)

    # ------------------------------------------------------------------ lines

    def other_lines(self) -> list[str]:
        """The references, under the series."""
        parts = []
        for reference in self.drawn:
            ink = stroke("ardoise" if reference.strong else "gris", 0.9)
            for segment in reference.segments:
                parts += self._linked(segment, ink, stub=True)
        return parts

    def own_lines(self, token: str) -> list[str]:
        """The segments: their lines, then their dots, then the marks of what is not known."""
        lines, dots, marks = [], [], []
        edge = f'stroke="{colour("blanc")}" stroke-width="0.8"'
        for segment in self.segments:
            lines += self._linked(segment.points, stroke(token, 1.5), stub=False)
            for point in segment.points:
                x = self.x(point.at)
                if point.value is None:
                    marks.append(label(x, self.axis - 2.6, point.text, size=_SIZE, weight=600,
                                       token="ardoise-2", anchor="middle"))  # fmt: skip
                    self.placer_later(Box(x - 4, self.axis - 9, x + 4, self.axis))
                    continue
                y = self.y(point.value)
                dots.append(circle(x, y, _RADIUS + 0.4, f"{fill(token)} {edge}"))
                self.placer_later(
                    Box(x - _RADIUS, y - _RADIUS, x + _RADIUS, y + _RADIUS)
                )  # fmt: skip
        return [*lines, *dots, *marks]

    def _linked(self, points: Sequence[Point], ink: str, *, stub: bool) -> list[str]:
        """The line of a segment, broken where a point is not known; ``stub``: a lone point too."""
        parts = []
        for run in _runs(points):
            spots = [(self.x(p.at), self.y(p.value or 0.0)) for p in run]
            if len(spots) > 1:
                steps = "L".join(f"{num(x)} {num(y)}" for x, y in spots)
                parts.append(path(f"M{steps}", ink))
                self.placer.lines += [(*a, *b) for a, b in pairwise(spots)]
            elif stub:
                x, y = spots[0]
                parts.append(path(f"M{num(x - 3)} {num(y)}H{num(x + 3)}", ink))
                self.placer.lines.append((x - 3, y, x + 3, y))
        return parts

    # ------------------------------------------------------------------ words

    def periods(self) -> list[str]:
        """The periods under the axis: all that hold, the first and the last before the others."""
        named = {p.at: p.period for s in self.segments for p in s.points}
        times = sorted(named)
        order = [times[0], times[-1], *times[1:-1]]
        kept: list[tuple[float, float, float]] = []
        for at in dict.fromkeys(order):
            half = text_width(named[at], 7) / 2
            x = min(max(self.x(at), half), self.width - half)
            if all(x + half + 3 < left or right + 3 < x - half for left, right, _ in kept):
                kept.append((x - half, x + half, at))
        base = self.axis + 8.0
        return [
            label((left + right) / 2, base, named[at], size=7, token="ardoise-2", anchor="middle")
            for left, right, at in sorted(kept)
        ]

    def words(self) -> list[str]:
        """Names at the ends of the lines, values at the points, notes under all."""
        parts = self._ends() if self.told else []
        for segment in self.segments:
            parts += self._values(segment)
        parts += self._segment_names()
        base = self.axis + _AXIS
        for number, line in enumerate(self.notes, 1):
            parts.append(label(0, base + number * _ROW - 2, line, size=_SIZE, token="ardoise-2"))
        return parts

    def _ends(self) -> list[str]:
        """The names of the references at the right, pushed apart."""
        spots: list[tuple[float, str, int]] = []
        for reference in self.drawn:
            last = reference.known[-1]
            spots.append((self.y(last.value or 0.0), _end_text(reference), 0))
        for reference, way in self.beyond:
            y = self.top + 4 if way > 0 else self.axis - 6
            spots.append((y, _end_text(reference), way))
        parts = []
        for y, (_, text, way) in zip(_apart([s[0] for s in spots], _ROW - 0.6, self.top + 3,
                                            self.axis - 3), spots, strict=True):  # fmt: skip
            x = self.right + 6
            if way:
                tip = y - 3.4 * way
                d = f"M{num(x - 2.4)} {num(tip + 2.2 * way)}L{num(x)} {num(tip)}"
                d += f"L{num(x + 2.4)} {num(tip + 2.2 * way)}"
                parts.append(path(d, stroke("ardoise-2", 0.8)))
                x += 4.4
            parts.append(label(x, y + 2.4, text, size=_SIZE, token="ardoise-2"))
            self.placer_later(Box(x, y - 3, self.width, y + 3))
        return parts

    def _values(self, segment: Segment) -> list[str]:
        """The values, the ends of the segment and its extremes first; some may find no room."""
        known = [p for p in segment.points if p.value is not None]
        if not known:
            return []
        values = [p.value or 0.0 for p in known]
        ends = [known[-1], known[0]]
        extremes = [known[values.index(max(values))], known[values.index(min(values))]]
        order = list(dict.fromkeys([*ends, *extremes, *known]))
        parts = []
        for point in order:
            x, y = self.x(point.at), self.y(point.value or 0.0)
            wide = text_width(point.text, _SIZE, 600)
            at = known.index(point)
            around = [p.value or 0.0 for p in known[max(0, at - 1) : at + 2]]
            below = sum(around) / len(around) > (point.value or 0.0)
            places = [
                _box(x, y + way * (_RADIUS + 1.6), wide, way)
                for way in ((1, -1) if below else (-1, 1))
            ]
            places = [_inside(box, self.width) for box in places]
            taken = self.placer.place(places, must=point in ends)
            if taken is not None:
                box, free = taken
                parts.append(label((box.left + box.right) / 2, box.bottom - 0.6, point.text,
                                   size=_SIZE, weight=600, anchor="middle",
                                   halo=0 if free else _HALO))  # fmt: skip
        return parts

    def _segment_names(self) -> list[str]:
        """The names that no rule says, each beside the end of its segment."""
        parts = []
        for segment in self.segments:
            known = [p for p in segment.points if p.value is not None]
            if not segment.name or not known:
                continue
            point = known[-1]
            x, y = self.x(point.at), self.y(point.value or 0.0)
            wide = text_width(segment.name, 7)
            places = [
                Box(x + 5, y - 2.6, x + 5 + wide, y + 2.8),
                Box(x - 5 - wide, y - 2.6, x - 5, y + 2.8),
                *(_inside(_box(x, y + way * (_RADIUS + 10), wide, way), self.width)
                  for way in (-1, 1)),
            ]  # fmt: skip
            box, free = self.placer.place(places, must=True) or (places[0], False)
            parts.append(label(box.left, box.bottom - 0.4, segment.name, size=7, token="ardoise-2",
                               halo=0 if free else _HALO))  # fmt: skip
        return parts


def _runs(points: Sequence[Point]) -> Iterable[list[Point]]:
    """The known points that follow one another without a gap."""
    run: list[Point] = []
    for point in points:
        if point.value is None:
            if run:
                yield run
            run = []
        else:
            run.append(point)
    if run:
        yield run


def _box(x: float, y: float, wide: float, way: int) -> Box:
    """The box of a label that ends (``way`` −1: above) or begins (1: below) at ``y``."""
    tall = _CAP * _SIZE + 1.0
    top = y - tall if way < 0 else y
    return Box(x - wide / 2, top, x + wide / 2, top + tall)


def _inside(box: Box, width: float) -> Box:
    move = max(0.0, -box.left) - max(0.0, box.right - width)
    return Box(box.left + move, box.top, box.right + move, box.bottom)


def _end_text(reference: Reference) -> str:
    return f"{reference.name} {reference.known[-1].text}"


def _apart(ys: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move heights away from one another by ``gap`` at least, as little as may be."""
    order = sorted(range(len(ys)), key=lambda n: ys[n])
    found = [min(max(y, low), high) for y in ys]
    for before, after in pairwise(order):
        found[after] = max(found[after], found[before] + gap)
    over = max([found[n] for n in order[-1:]], default=0.0) - high
    for n in reversed(order) if over > 0 else ():
        found[n] = min(found[n], high)
        high = found[n] - gap
    return found
