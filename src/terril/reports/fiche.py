"""How does a profile sheet become two pages?

:func:`fiche_data` turns a :class:`~terril.fiches.model.Fiche` into the data of
``typst/fiche.typ``: texts as they are, figures drawn, widths settled. Nothing is computed
here that a reader could take for a figure. The map of the neighbourhood stands in the place of
the map when it is given, else the tile map (:mod:`terril.reports.picture`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from terril.fiches.model import (
    SIGNAL_WORDS,
    Fiche,
    SpineRow,
)
from terril.figures import spine
from terril.figures.maps_model import Atlas, SheetMap
from terril.figures.metrics import text_width
from terril.figures.series import SMALL
from terril.figures.svg import MM
from terril.lib.french import FINE, NBSP, en_lettres, majuscule
from terril.reports import plan
from terril.reports.columns import commune_heads
from terril.reports.engine import Job, Typesetter, TypesettingError
from terril.reports.fiche_themes import (
    block_data,
    equipment_data,
    held_label,
    keys_data,
    runs_data,
    shape_of,
)
from terril.reports.picture import LOCATOR, MAP_WIDTH, Picture, locator, picture_of
from terril.reports.plan import Runs
from terril.reports.series_charts import chart

TEMPLATE: Final = "fiche.typ"
PAGES: Final = 2
KIND: Final = "quartier prioritaire"
_SPINE_LABEL: Final = 43.4  # mm


def _population_lines(fiche: Fiche) -> list[str]:
    lines = [f"habitants en {fiche.population_period}" if fiche.population_period else "habitants"]
    if fiche.population == "–":
        lines = ["population non connue"]
    return lines + ([fiche.population_share] if fiche.population_share else [])


def _strip(fiche: Fiche) -> list[dict[str, Any]]:
    width = plan.strip_cell_width(len(fiche.strip))
    return [
        {
            "icon": cell.icon,
            "label": cell.label,
            "signal": cell.signal,
            "hollow": cell.hollow,
            "word": cell.word,
            "share": cell.sureness,
            "note": cell.note,
            "note-gap": plan.strip_note_gap(cell, width),
        }
        for cell in fiche.strip
    ]


def _strip_title(fiche: Fiche) -> str:
    count = len(fiche.strip)
    nouns = ("thème", "comparé") if count == 1 else ("thèmes", "comparés")
    words = f"{majuscule(en_lettres(count))} {nouns[0]}, {nouns[1]}"
    return f"{words} aux {fiche.qpv_total} quartiers prioritaires"


def _spine_row(row: SpineRow, first: bool, threshold: float) -> dict[str, Any]:
    return {
        "label": held_label(row.label, (), _SPINE_LABEL, 8.6),
        "value": {"text": row.value, "status": row.status},
        "svg": spine.spine_row(
            row.z,
            row.others,
            row.communes,
            row.epci_z,
            communes_is_mean=row.communes_is_mean,
            first=first,
            threshold=threshold,
        ),
        "alt": row.alt
        or spine.spine_row_alt(
            row.label, row.value, row.z, epci=row.epci, rank=row.rank, known=row.known
        ),
        "epci": {"text": row.epci, "status": "ok" if row.epci != "–" else "missing"},
        "rank": row.rank,
        "known": row.known,
    }


def _spine(fiche: Fiche) -> dict[str, Any]:
    themes = [
        {
            "label": theme.label,
            "signal": theme.signal,
            "hollow": theme.hollow,
            "rows": [_spine_row(row, i == 0, fiche.threshold) for i, row in enumerate(theme.rows)],
        }
        for theme in fiche.spine
        if theme.rows
    ]
    rows = [row for theme in fiche.spine for row in theme.rows]
    marks = spine.spine_keys()
    keys = [(marks["quartier"], "ce quartier"), (marks["autres"], "les autres")]
    if any(row.communes for row in rows):
        if len(fiche.communes) > 1:
            word = f"ses {len(fiche.communes)} communes, étendue"
            keys.append((marks["etendue"], word))
        else:
            keys.append((marks["commune"], fiche.communes[0] if fiche.communes else "commune"))
    keys.append((marks["agglo"], "agglomération"))
    if any(spine.is_outside(z) for r in rows for z in (r.z, r.epci_z, *r.communes)):
        keys.append((marks["hors"], "hors échelle"))
    count = len(rows)
    title = f"Les {count} indicateurs des signaux" if count > 1 else "L’indicateur des signaux"
    return {
        "title": title,
        "keys": keys_data(keys),
        "head": spine.spine_head(),
        "head-alt": spine.spine_head_alt(),
        "themes": themes,
    }


def _decimal(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def reading(fiche: Fiche) -> list[Runs]:
    """How the signals are read, in paragraphs."""
    step = _decimal(fiche.threshold)
    method: list[Runs] = [[[fiche.method, False]]] if fiche.method else []
    return [
        [
            [
                f"Chaque indicateur est comparé à la moyenne simple des {fiche.qpv_total} "
                "quartiers, en écarts types, puis le thème prend la moyenne de ses "
                f"indicateurs{NBSP}: favorable dès +{FINE}{step}, en difficulté dès "
                f"−{FINE}{step}.",
                False,
            ]
        ],
        [
            ["Sûr à", True],
            [
                f"{NBSP}: part des variantes de calcul (seuil, médiane, rangs, un indicateur "
                "en moins) qui donnent le même signal.",
                False,
            ],
        ],
        *method,
    ]


def _glossary(fiche: Fiche) -> list[Runs]:
    entries: list[Runs] = []
    for note in fiche.glossary:
        end = "" if note.text.endswith((".", "!", "?")) else "."
        entries.append([[note.mark, True], [f" {note.text}{end} ", False]])
    return entries


def _notes(fiche: Fiche, warnings: Sequence[str], credit: str) -> list[dict[str, Any]]:
    words: Runs = [
        ["s", True],
        [f" secret statistique{NBSP}: trop peu de personnes. ", False],
        ["–", True],
        [" pas de donnée.", False],
    ]
    notes: list[dict[str, Any]] = [{"mark": "", "text": words}]
    notes += [{"mark": n.mark, "text": [[n.text, False]]} for n in fiche.notes]
    notes += [{"mark": "", "text": [[text, False]]} for text in warnings]
    if credit:
        notes.append({"mark": "", "text": [["Carte", True], [f" {credit}.", False]]})
    return notes


def _marked(notes: Sequence[dict[str, Any]]) -> list[Runs]:
    """The notes as they are measured: each with its mark."""
    return [[[n["mark"] + FINE, True], *n["text"]] if n["mark"] else n["text"] for n in notes]


def _place(fiche: Fiche) -> str:
    """The running head of page 2: name and communes, shorter when they do not hold."""
    room = 140 * MM
    for text in (
        f"{fiche.name} · {fiche.communes_text}",
        f"{fiche.short_name} · {fiche.communes_text}",
    ):
        if text_width(text, 8) <= room:
            return text
    return fiche.short_name


def _texts(fiche: Fiche) -> dict[str, Any]:
    edition = f"édition du {fiche.edition_text}"
    return {
        "title": f"Fiche quartier – {fiche.name} ({fiche.code})",
        "author": fiche.epci_name,
        "subject": f"{fiche.contract}, {edition}",
        "contract": fiche.contract,
        "head": [f"{fiche.contract} · {edition}", _place(fiche)],
        "foot": f"Fiche quartier {fiche.code} · {fiche.short_name} · {edition}",
        "population": fiche.population,
        "population-lines": _population_lines(fiche),
        "headline": fiche.headline,
        "strip-title": _strip_title(fiche),
        "strip-key": f"barre{NBSP}: part des variantes de calcul concordantes · "
        f"forme vide{NBSP}: fragile",
        "unit-key": f"en{NBSP}% sauf mention · rang 1 = situation la plus favorable{FINE}; "
        "sans jugement, valeur la plus élevée",
        "group": f"les {fiche.qpv_total} QPV",
        "signal-words": SIGNAL_WORDS,
    }


def fiche_data(
    fiche: Fiche,
    picture: Picture | None = None,
    *,
    notice: str = "",
    sheet_map: SheetMap | None = None,
    atlas: Atlas | None = None,
) -> dict[str, Any]:
    """The data of the template. Without ``picture`` the map of the neighbourhood takes the
    place when it is given, else the tile map. ``atlas``: the agglomeration, for the small map
    under the brief.

    ``notice``: one line above the running heads, when the edition is withdrawn.

    Raises ``TypesettingError`` when the sheet does not hold on its two pages.
    """
    picture = picture or picture_of(fiche, sheet_map)
    kind = f"{KIND} {fiche.code}"
    start = plan.opening(fiche, kind, _population_lines(fiche))
    brief = runs_data(fiche.brief)
    most = picture.most if picture else plan.MAP_MOST
    charts = [chart(series, plan.span(5), plot=SMALL) for series in fiche.series]
    small = locator(sheet_map, atlas)
    one = plan.page_one(
        fiche, start, brief, with_map=picture is not None, map_most=most,
        series=[*(held.height for held in charts), *([LOCATOR] if small else [])],
    )  # fmt: skip
    if one["series"] == len(charts):
        one["series"] = None  # no series holds: the small map does
    else:
        small = None
    read_as, glossary = reading(fiche), _glossary(fiche)
    told = () if one["show-warnings"] else fiche.warnings
    credit = picture.credits if picture is not None else ""
    first = fiche.series[one["series"]].theme if one["series"] is not None else ""
    wide = {
        series.theme: chart(series, plan.span(8), plot=SMALL)
        for series in fiche.series
        if series.theme != first
    }
    heights = {theme: held.height for theme, held in wide.items()}
    notes = _notes(fiche, told, credit)
    try:
        two = plan.page_two(fiche, read_as, glossary, _marked(notes), heights)
    except TypesettingError:
        if not credit:
            raise
        # the line under the map names the producers: the note is the first thing to go
        notes = _notes(fiche, told, "")
        two = plan.page_two(fiche, read_as, glossary, _marked(notes), heights)
    under = {theme: wide[theme] for theme in two["series"]}
    drawn: dict[str, Any] | None = None
    if picture is not None:
        drawn = {
            "svg": picture.draw(MAP_WIDTH, one["row"] * MM),
            "alt": picture.alt,
            "source": picture.source,
            "keys": keys_data(picture.keys),
            "ratio": MAP_WIDTH / (one["row"] * MM),
            "ground": picture.ground,
        }
    shape = shape_of(fiche)
    return {
        **_texts(fiche),
        "one": one,
        "two": two,
        "kind": kind,
        "kind-alone": start.kind_alone,
        "lines": start.lines,
        "name-size": start.size,
        "communes": start.communes,
        "strip": _strip(fiche),
        "brief": brief,
        "warnings": list(fiche.warnings),
        "map": drawn,
        "locator": small,
        "spine": _spine(fiche),
        "columns": shape.columns,
        "commune-heads": commune_heads(fiche.commune_columns, shape.columns),
        "with-strip": shape.with_strip,
        "series": charts[one["series"]].data() if one["series"] is not None else None,
        "blocks": [block_data(block, shape, under.get(block.theme)) for block in fiche.blocks],
        "equipment": equipment_data(fiche.equipment, shape) if fiche.equipment else None,
        "reading": read_as,
        "notes": notes,
        "notice": notice,
    }


def job(
    fiche: Fiche,
    output: Path,
    notice: str = "",
    sheet_map: SheetMap | None = None,
    atlas: Atlas | None = None,
) -> Job:
    """The sheet as one job of ``typeset_many``, written at ``output``, two pages."""
    return Job(
        template=TEMPLATE,
        subject=fiche,
        build=partial(fiche_data, notice=notice, sheet_map=sheet_map, atlas=atlas),
        output=output,
        date=fiche.edition,
        pages=PAGES,
    )


def fiche_pdf(setter: Typesetter, fiche: Fiche, sheet_map: SheetMap | None = None) -> bytes:
    """The sheet as PDF/UA, two pages; raises ``TypesettingError`` when it cannot hold."""
    return setter.pdf(
        fiche_data(fiche, sheet_map=sheet_map), date=fiche.edition, pages=PAGES, name=fiche.code
    )
