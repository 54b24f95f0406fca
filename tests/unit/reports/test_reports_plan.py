"""Do the heights settled beforehand hold what the typesetter will lay out?"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
import typst
from report_sheets import Sheets

from terril.fiches.model import Fiche, Note, Run
from terril.reports import plan
from terril.reports.engine import FONTS, TypesettingError
from terril.reports.fiche import fiche_data
from terril.reports.plan import Face

TEXTS = (
    "Deux allocataires de la CAF sur cinq perçoivent le RSA, contre un sur quatre à Avion.",
    "Noyelles-sous-Lens, Loos-en-Gohelle et Fouquières-lès-Lens : 12\u202f093\u202f€ par an.",
    "L’offre est «\u00a0développée\u00a0», comme dans 17 quartiers sur 21\u202f; 18/21, 15-64 ans.",
    "AVEC DES CAPITALES : VALLÉE, TAVERNE, PAYSAGE, AVION, WATTRELOS, YVELINES, TOITS.",
    "Le 3/15, la cité 9-9bis – ou la 12-14 – et/ou l’indice +0,5 ; −0,5 ; 100\u202f% ; ½.",
)


def typeset_lines(folder: Path, cases: list[tuple[str, float, float, int]]) -> list[int]:
    """Lines that the typesetter makes of each (text, width mm, size, weight)."""
    (folder / "data.json").write_text(json.dumps(cases), "utf-8")
    (folder / "mesure.typ").write_text(
        """#set text(font: "Source Sans 3", lang: "fr", hyphenate: false,
          top-edge: "cap-height", bottom-edge: "baseline")
        #set par(leading: 10pt, linebreaks: "simple")
        #context for (body, width, size, weight) in json("data.json") {
          let h = measure(text(size: size * 1pt, weight: weight, body), width: width * 1mm).height
          let one = measure(text(size: size * 1pt, weight: weight, "x")).height
          [#metadata(calc.round((h - one) / (one + 10pt)) + 1)<n>]
        }""",
        "utf-8",
    )
    compiler = typst.Compiler(
        str(folder / "mesure.typ"),
        root=str(folder),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
    )
    found: list[int] = json.loads(compiler.query("<n>", field="value"))
    return found


def test_a_count_of_lines_is_never_too_small_and_seldom_too_large(tmp_path: Path) -> None:
    cases = [
        (text * 2, width / 2, size, weight)
        for text in TEXTS
        for width in range(84, 240, 5)
        for size, weight in ((8.8, 400), (10.4, 400), (7.2, 600), (14.5, 600))
    ]
    made = typeset_lines(tmp_path, cases)
    planned = [Face(s, s + 2, w).lines(text, width) for text, width, s, w in cases]
    assert len(made) == len(planned) > 600
    short = [case for case, m, p in zip(cases, made, planned, strict=True) if p < m]
    assert not short, short[:3]
    more = sum(p - m for m, p in zip(made, planned, strict=True))
    assert more < 0.02 * sum(made)
    assert all(p - m <= 1 for m, p in zip(made, planned, strict=True))


def test_a_short_name_is_large_a_long_one_takes_two_lines(sheets: Sheets) -> None:
    start = plan.opening(sheets.one_commune(), "quartier prioritaire QP062019", ["habitants"])
    assert (start.lines, start.size) == (["République – Cité 4"], 28)
    start = plan.opening(sheets.three_communes(), "quartier prioritaire QP062029", ["habitants"])
    assert (len(start.lines), start.size) == (2, 20)
    longer = dataclasses.replace(sheets.one_commune(), name_lines=("Cité " * 30,))
    start = plan.opening(longer, "quartier prioritaire QP062019", ["habitants"])
    assert start.size < 20 and " ".join(start.lines).split() == ["Cité"] * 30


def test_no_commune_is_cut_at_its_hyphen(sheets: Sheets) -> None:
    beside = ["17,5\u202f% de la population des cinq communes"]
    start = plan.opening(sheets.extreme(), "quartier prioritaire QP062098", beside)
    assert len(start.communes) == 2
    assert not any(line.endswith("-") for line in start.communes)


@pytest.mark.parametrize("lines", [1, 2, 3, 4])
def test_the_map_gives_way_first(lines: int, sheets: Sheets) -> None:
    headline = "Une phrase."
    while plan.HEADLINE.lines(headline, plan.WIDTH) < lines:
        headline += " Une phrase."
    one = fiche_data(dataclasses.replace(sheets.one_commune(), headline=headline))["one"]
    assert plan.MAP_LEAST <= one["row"] <= plan.MAP_MOST
    if lines <= 2:
        assert one["row"] > 77 and one["spaces"] == list(plan.SPACES)
    if lines == 4:
        assert one["row"] == plan.MAP_LEAST and one["spaces"][0] < plan.SPACES[0]


def blocks_with(fiche: Fiche, text: str) -> Fiche:
    blocks = tuple(dataclasses.replace(b, text=(Run(text),)) for b in fiche.blocks)
    return dataclasses.replace(fiche, blocks=blocks)


def test_page_two_takes_smaller_type_before_it_refuses(sheets: Sheets) -> None:
    fiche = sheets.one_commune()
    assert fiche_data(fiche)["two"]["size"] == 8.8
    sizes = [fiche_data(blocks_with(fiche, "mot " * n))["two"]["size"] for n in (40, 48, 52)]
    assert sizes == sorted(sizes, reverse=True) and sizes[-1] < 8.8


@pytest.mark.parametrize(
    "change,page,block",
    [
        ({"headline": "Une phrase interminable. " * 40}, 1, "phrase d’ouverture"),
        ({"brief": (Run("Une synthèse interminable. " * 60),)}, 1, "En bref"),
        ({"notes": tuple(Note("", "Une note. " * 40) for _ in range(9))}, 2, "notes"),
    ],
)
def test_what_does_not_hold_is_refused_with_its_name(
    change: dict[str, object], page: int, block: str, sheets: Sheets
) -> None:
    fiche = dataclasses.replace(sheets.one_commune(), **change)  # type: ignore[arg-type]
    with pytest.raises(TypesettingError) as caught:
        fiche_data(fiche)
    (problem,) = caught.value.problems
    assert f"page {page}, le bloc « {block} » ne tient pas" in problem.what
    assert "QP062019" in str(problem.where) and problem.remedy


def test_a_theme_too_long_is_refused_with_its_name(sheets: Sheets) -> None:
    fiche = sheets.one_commune()
    long = dataclasses.replace(fiche.blocks[3], text=(Run("Un texte interminable. " * 60),))
    fiche = dataclasses.replace(fiche, blocks=(*fiche.blocks[:3], long, *fiche.blocks[4:]))
    with pytest.raises(TypesettingError, match="le bloc « Éducation »"):
        fiche_data(fiche)


def test_words_move_under_the_notes_only_when_that_saves_a_line() -> None:
    entries: list[plan.Runs] = [
        [[f"MOT{n}", True], [" une définition. " * 5, False]] for n in range(9)
    ]
    face = plan.LEVELS[0][1]
    height, kept, moved = plan.notes_plan([], entries, [], face)
    assert moved and sorted(kept + moved, key=str) == sorted(
        (piece for entry in entries for piece in entry), key=str
    )
    long_notes: list[plan.Runs] = [[["Une note. " * 60, False]]]
    assert plan.notes_plan([], entries[:2], long_notes, face)[2] == []
    assert height < plan.notes_plan([], entries, long_notes, face)[0]


def test_warnings_stand_on_page_one_or_in_the_notes(sheets: Sheets) -> None:
    fiche = dataclasses.replace(sheets.one_commune(), warnings=("À prendre avec prudence.",))
    data = fiche_data(fiche)
    assert data["one"]["show-warnings"]
    assert "prudence" not in json.dumps(data["notes"])
    words = 30
    while data["one"]["show-warnings"]:
        words += 1
        data = fiche_data(dataclasses.replace(fiche, brief=(Run("Une synthèse. " * words),)))
    assert "À prendre avec prudence." in json.dumps(data["notes"], ensure_ascii=False)
