"""How high is each block of a profile sheet, and what gives way so that two pages hold?

Everything is settled here, in millimetres, before anything is typeset: text is measured
with the advances of the face (a count of lines is never too small), tables by their rows.
Page 1: the map takes what is left, from 72 mm up; then the spaces between sections give a
third. Page 2: the spaces between themes give half, then the texts go down one size, then
two. What still does not hold is refused, with the name of the block: a third page is a
failed build, never an accepted output.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

from terril.fiches.model import EquipmentBlock, Fiche, Run, StripCell, ThemeBlock
from terril.figures import strips
from terril.figures.metrics import count_lines, text_width, wrap
from terril.figures.svg import MM
from terril.lib.french import nombre
from terril.lib.problems import Problem, Where
from terril.reports.engine import TypesettingError

CAP: Final = 0.66  # cap height of the face, in em: text boxes run from cap to baseline
WIDTH: Final = 176.0
BODY: Final = 297 - 17.75 - 14 - 0.2
GUTTER: Final = 4.0
RULE: Final = 1.8 / MM  # the top rule of a strip cell

_HYPHEN: Final = "\u2011"

Runs = list[list[str | bool]]


def span(columns: int) -> float:
    """Width of some of the twelve columns with their gutters."""
    return columns * 15.0 - GUTTER


@dataclass(frozen=True, slots=True)
class Face:
    """A size and a distance between baselines, in points."""

    size: float
    baseline: float
    weight: int = 400

    def height(self, lines: int) -> float:
        """Millimetres from the cap of the first line to the baseline of the last."""
        return ((lines - 1) * self.baseline + CAP * self.size) / MM if lines > 0 else 0.0

    def lines(self, text: str, width: float) -> int:
        """Lines of a plain text in ``width`` millimetres."""
        return count_lines([(text, self.weight)], width * MM, self.size)

    def lines_of(self, runs: Sequence[Sequence[str | bool]], width: float) -> int:
        """Lines of a text whose strong pieces are in Semibold."""
        pieces = [(str(text), 600 if strong else self.weight) for text, strong in runs]
        return count_lines(pieces, width * MM, self.size)


HEADLINE: Final = Face(14.5, 15.8, 600)
SECTION: Final = Face(11.5, 13.0, 700)
COMMUNES: Final = Face(10.2, 12.0, 600)
KIND: Final = Face(9.0, 11.0)
POPULATION: Final = Face(28.0, 28.0)
POPULATION_LINE: Final = Face(8.0, 9.0)
STRIP_LABEL: Final = Face(9.5, 10.5, 700)
STRIP_WORD: Final = Face(8.4, 9.4, 600)
STRIP_NOTE: Final = Face(7.0, 7.8)
BRIEFS: Final = (Face(10.4, 12.8), Face(9.6, 11.5), Face(9.0, 10.6))
WARNING: Final = Face(7.3, 8.6)
#: theme text and notes, from the nominal sizes to the smallest
LEVELS: Final = (
    (Face(8.8, 10.2), Face(7.2, 8.2)),
    (Face(8.4, 9.6), Face(7.0, 7.9)),
    (Face(8.0, 9.1), Face(7.0, 7.7)),
)
SOURCES: Final = Face(7.2, 8.0)
NOTE_TITLE: Final = Face(9.0, 10.0, 700)
SIGNAL_KEY: Final = Face(7.2, 9.6, 600)

ROW: Final = 4.6  # of the spine
FIRST_MORE: Final = 1.2
SPINE_HEAD: Final = 4.6
MAP_LEAST: Final = 72.0
MAP_MOST: Final = 101.0
MAP_KEY: Final = 4.4
TOP: Final = 3.9  # under the rule that opens a page
UNDER_TITLE: Final = 2.4
BOTTOM: Final = 1.9  # left free above the foot while the map can pay for it
SERIES_SPACE: Final = 4.6  # above a series, whatever it stands under
SPACES: Final = (6.4, 6.0, 6.6, 5.6)  # between the sections of page 1

TABLE_HEAD: Final = 6.1
TABLE_ROW: Final = 3.6
MORE_DOTS: Final = 1.9  # for each further line of dots
TEXT_DROP: Final = 2.45  # from the top of a table: both titles share a baseline
TITLE_TO_TEXT: Final = 4.25
TEXT_TO_SOURCES: Final = 3.6
THEME_SPACE: Final = (1.2, 2.0)  # above and below the content of a theme
NOTE_SPACE: Final = 1.9


def _refuse(fiche: Fiche, page: int, block: str, missing: float) -> TypesettingError:
    return TypesettingError(
        [
            Problem(
                code="fiche-deborde",
                where=Where(file=f"fiche {fiche.code}"),
                what=f"page {page}, le bloc « {block} » ne tient pas : il manque "
                f"{nombre(missing, 1)} mm.",
                expected="une fiche de deux pages.",
                remedy="raccourcir le texte de ce bloc ou retirer des lignes du modèle de fiche.",
            )
        ]
    )


# ------------------------------------------------------------------ page 1


@dataclass(frozen=True, slots=True)
class Opening:
    """The name and what stands beside it, with all their lines settled."""

    lines: list[str]
    size: float
    communes: list[str]
    kind_alone: bool  # « quartier prioritaire … » has a line of its own
    height: float


def opening(fiche: Fiche, kind: str, population: Sequence[str]) -> Opening:
    """Name on one line at 28 pt, on two at 20, smaller beyond; communes under it."""
    beside = max(
        [text_width(fiche.population, POPULATION.size)]
        + [text_width(line, POPULATION_LINE.size) for line in population]
    )
    width = WIDTH - beside / MM - GUTTER
    given = list(fiche.name_lines or (fiche.name,))
    lines, size = given, 28.0
    if len(given) > 1 or text_width(given[0], 28, 700) > width * MM:
        for size in (20.0, 18.0, 16.0, 14.0):
            lines = [part for line in given for part in wrap(line, width * MM, size, 700)]
            if len(lines) > 2:
                lines = wrap(" ".join(given), width * MM, size, 700)
            if len(lines) <= 2:
                break
    unbroken = fiche.communes_text.replace("-", _HYPHEN)  # no name is cut at its hyphen
    communes = [
        line.replace(_HYPHEN, "-")
        for line in wrap(unbroken, width * MM, COMMUNES.size, COMMUNES.weight)
    ]
    last = text_width(communes[-1], COMMUNES.size, COMMUNES.weight) if communes else 0.0
    after = last + 2.4 * MM + text_width(kind, KIND.size)
    kind_alone = bool(communes) and after > width * MM
    under = len(communes) + (1 if kind_alone or not communes else 0)
    left = Face(size, size).height(len(lines)) + 2.9 + COMMUNES.height(under)
    right = POPULATION.height(1) + 2.9 + POPULATION_LINE.height(len(population))
    return Opening(lines, size, communes, kind_alone, max(left, right))


def strip_cell_width(cells: int) -> float:
    """Equal cells on the strip's own grid."""
    return (WIDTH - GUTTER * (cells - 1)) / max(cells, 1)


def strip_note_gap(cell: StripCell, width: float) -> float:
    """From the word to the note where there is no bar: notes stay on one line of the page."""
    more = STRIP_WORD.height(STRIP_WORD.lines(cell.word, width)) - STRIP_WORD.height(1)
    return max(4.4 - more, 1.5)


def strip_height(cells: Sequence[StripCell]) -> float:
    """From the rules to the baseline of the lowest note."""
    if not cells:
        return 0.0
    width = strip_cell_width(len(cells))
    lowest = 0.0
    for cell in cells:
        word = STRIP_WORD.height(STRIP_WORD.lines(cell.word, width))
        gap = 4.4 if cell.sureness is not None else strip_note_gap(cell, width)
        note = STRIP_NOTE.height(STRIP_NOTE.lines(cell.note, width))
        lowest = max(lowest, word + gap + note)
    return RULE + 2.8 + 8.2 + 3.4 + STRIP_LABEL.height(1) + 1.35 + lowest


def _warnings_height(warnings: Sequence[str], width: float) -> float:
    if not warnings:
        return 0.0
    lines = sum(WARNING.height(WARNING.lines(w, width)) + 1.6 for w in warnings)
    return 1.8 + WARNING.height(1) + lines


def page_one(
    fiche: Fiche,
    start: Opening,
    brief: Runs,
    *,
    with_map: bool,
    map_most: float = MAP_MOST,
    series: Sequence[float] = (),
) -> dict[str, Any]:
    """Heights of page 1 and the size of the brief; raises ``TypesettingError``.

    ``series``: heights of drawings, one of which goes under the brief when there is room; its
    rank is ``series`` of the result, or None.
    """
    rows = sum(len(theme.rows) for theme in fiche.spine)
    themes = sum(1 for theme in fiche.spine if theme.rows)
    spine = 0.0
    if rows:
        spine = SECTION.height(1) + UNDER_TITLE + SPINE_HEAD + rows * ROW + themes * FIRST_MORE
    headline = HEADLINE.height(HEADLINE.lines(fiche.headline, WIDTH))
    strip = strip_height(fiche.strip)
    spaces = [*SPACES[:3], SPACES[3] if rows else 0.0]
    key = MAP_KEY if with_map else 0.0
    fixed = TOP + start.height + headline + SECTION.height(1) + 2.3 + strip + key + spine
    free = BODY - fixed - sum(spaces)
    width = span(5) if with_map else span(9)
    title = SECTION.height(1) + UNDER_TITLE
    warnings = _warnings_height(fiche.warnings, width)

    def brief_height(face: Face) -> float:
        return title + face.height(face.lines_of(brief, width))

    if with_map:
        row = min(max(free - BOTTOM, MAP_LEAST), map_most)
    else:
        row = brief_height(BRIEFS[0]) + (warnings + 5.0 if warnings else 0.0)
        row = min(row, max(free, MAP_LEAST))
    face = next((f for f in BRIEFS if brief_height(f) <= row), None)
    if face is None:
        raise _refuse(fiche, 1, "En bref", brief_height(BRIEFS[-1]) - row)
    missing = max(row - free, 0.0)
    shrink = missing / sum(spaces)
    if shrink > 1 / 3:
        nominal = {
            "nom du quartier": start.height - 13,
            "phrase d’ouverture": headline - 9,
            "bandeau des thèmes": strip - 28,
            "indicateurs des signaux": spine - 96,
        }
        block = max(nominal, key=lambda name: nominal[name])
        raise _refuse(fiche, 1, block, missing - sum(spaces) / 3)
    room = row - brief_height(face) - 4.0
    told = bool(warnings) and warnings <= room
    foot = warnings + 4.0 if told else 0.0
    chosen, face = _with_series(series, row - foot, brief_height, face)
    return {
        "name": start.height,
        "headline": headline,
        "strip": strip,
        "row": row,
        "spaces": [space * (1 - shrink) for space in spaces],
        "brief-size": face.size,
        "brief-baseline": face.baseline,
        "show-warnings": told,
        "series": chosen,
    }


def _with_series(
    series: Sequence[float], row: float, brief_height: Callable[[Face], float], face: Face
) -> tuple[int | None, Face]:
    """The first drawing that holds under the brief, which may go down to its nominal size."""
    for rank, height in enumerate(series):
        for smaller in BRIEFS[BRIEFS.index(face) : 2] or (face,):
            if brief_height(smaller) + SERIES_SPACE + height <= row:
                return rank, smaller
    return None, face


# ------------------------------------------------------------------ page 2


def dot_row_height(lines: int) -> float:
    """A row of equipment with that many lines of dots."""
    return TABLE_ROW + (max(lines, 1) - 1) * MORE_DOTS


def table_height(block: ThemeBlock | EquipmentBlock) -> float:
    """Millimetres of the table of a theme."""
    if isinstance(block, ThemeBlock):
        return TABLE_HEAD + TABLE_ROW * len(block.rows)
    worth = strips.dot_worth(
        max(((r.inside or 0) + (r.around or 0) for r in block.rows), default=0)
    )
    lines = [strips.equipment_lines(r.inside, r.around, worth) for r in block.rows]
    return TABLE_HEAD + sum(dot_row_height(n) for n in lines)


def _runs(runs: Sequence[Run]) -> Runs:
    return [[run.text, run.strong] for run in runs]


def _text_height(block: ThemeBlock | EquipmentBlock, face: Face) -> float:
    width = span(4)
    title = CAP * 10.8 / MM
    text = face.lines_of(_runs(block.text), width)
    body = TITLE_TO_TEXT + (text - 1) * face.baseline / MM if text else TITLE_TO_TEXT - 3.6
    sources = SOURCES.lines(block.sources, width)
    foot = TEXT_TO_SOURCES + (sources - 1) * SOURCES.baseline / MM if sources else 0.0
    return title + body + foot


def _paragraphs(paragraphs: Sequence[Runs], face: Face) -> float:
    heights = [face.height(face.lines_of(p, span(4))) for p in paragraphs]
    heights = [h for h in heights if h]
    return sum(heights) + 1.8 * max(len(heights) - 1, 0)


def _joined(entries: Sequence[Runs]) -> Runs:
    return [piece for entry in entries for piece in entry]


def _window(entries: Sequence[Runs], third: float, face: Face) -> tuple[int, int]:
    """The run of entries whose move to the third column best levels the two, by widths."""
    room = span(4) * MM * 0.96
    widths = [
        sum(text_width(str(text), face.size, 600 if strong else 400) for text, strong in entry)
        for entry in entries
    ]

    def lines(width: float) -> int:
        return ceil(width / room)

    total = sum(widths)
    taken = third * MM / face.baseline + 0.9
    best, window = float(lines(total)), (len(entries), len(entries))
    for start in range(len(entries)):
        moved = 0.0
        for stop in range(start + 1, len(entries) + 1):
            moved += widths[stop - 1]
            level = max(lines(total - moved), taken + lines(moved))
            if level < best:
                best, window = level, (start, stop)
    return window


def notes_plan(
    reading: Sequence[Runs], glossary: Sequence[Runs], notes: Sequence[Runs], face: Face
) -> tuple[float, Runs, Runs]:
    """Height of the three columns at the foot, words of the second, words of the third.

    Some of the glossary goes on under the notes when that saves a line or more.
    """
    head = NOTE_TITLE.height(1) + NOTE_SPACE
    first = SIGNAL_KEY.height(2) + NOTE_SPACE + _paragraphs(reading, face)
    third = _paragraphs(notes, face)

    def height(kept: Runs, moved: Runs) -> float:
        more = 1.8 + _paragraphs([moved], face) if moved else 0.0
        return head + max(first, _paragraphs([kept], face), third + more)

    whole = _joined(glossary)
    start, stop = _window(glossary, third, face)
    kept, moved = _joined([*glossary[:start], *glossary[stop:]]), _joined(glossary[start:stop])
    if height(whole, []) - height(kept, moved) >= face.baseline / MM:
        return height(kept, moved), kept, moved
    return height(whole, []), whole, []


def page_two(
    fiche: Fiche,
    reading: Sequence[Runs],
    glossary: Sequence[Runs],
    notes: Sequence[Runs],
    series: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Heights of the themes, their spaces and the sizes; raises ``TypesettingError``.

    ``series``: heights of drawings by theme, the first wanted first; those that hold under their
    table without taking from the texts nor the spaces are ``series`` of the result.
    """
    blocks: list[ThemeBlock | EquipmentBlock] = list(fiche.blocks)
    if fiche.equipment:
        blocks.append(fiche.equipment)
    spaces = sum(THEME_SPACE) * len(blocks)
    first = 3.0 + SECTION.height(1) + 2.2
    for text, note in LEVELS:
        texts = [TEXT_DROP + _text_height(block, text) for block in blocks]
        heights = [max(table_height(b), t) for b, t in zip(blocks, texts, strict=True)]
        notes_height, words, more_words = notes_plan(reading, glossary, notes, note)
        foot = 2.0 + notes_height
        free = BODY - first - sum(heights) - foot
        if free >= spaces * 0.5:
            break
    if free < spaces * 0.4:
        over = {b.label: t - 31 for b, t in zip(blocks, texts, strict=True)}
        over["notes"] = foot - 45
        over.update(
            {
                f"tableau {b.label}": table_height(b) - 31
                for b, t in zip(blocks, texts, strict=True)
                if table_height(b) > t
            }
        )
        block = max(over, key=lambda name: over[name])
        raise _refuse(fiche, 2, block, spaces * 0.4 - free)
    drawn: list[str] = []
    for theme, height in (series or {}).items():
        place = next((n for n, b in enumerate(fiche.blocks) if b.theme == theme), None)
        if place is None:
            continue
        whole = max(table_height(blocks[place]) + SERIES_SPACE + height, heights[place])
        if free - (whole - heights[place]) >= spaces:
            free -= whole - heights[place]
            heights[place] = whole
            drawn.append(theme)
    share = min(1.0, free / spaces) if spaces else 1.0
    return {
        "heights": heights,
        "series": drawn,
        "notes": notes_height,
        "words": words,
        "more-words": more_words,
        "above": THEME_SPACE[0] * share,
        "below": THEME_SPACE[1] * share,
        "size": text.size,
        "baseline": text.baseline,
        "note-size": note.size,
        "note-baseline": note.baseline,
    }
