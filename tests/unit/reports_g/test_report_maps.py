"""Do the documents print maps when an edition has outlines, and do without when it has none?"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from report_material import FrameSource, material

from small_maps import atlas, sheet
from terril.catalogue.maps import MapPlate
from terril.figures.maps_model import Area, Atlas, SheetMap
from terril.reports.lookup import Lookup
from terril.reports.mapped import atlas_of, maps_of
from terril.reports.perimeters import perimeter_pages
from terril.reports.picture import map_picture
from terril.reports.plates import classes_of, plate_pages, plates, values_of
from terril.reports.theme_sheets import PAGES, write_theme_sheets
from terril.reports.volume import write_volume

PLATES = {
    "revenus": MapPlate(
        label="Revenus",
        theme="revenus",
        indicators=("revenus.revenu_median", "revenus.taux_pauvrete", "revenus.absent"),
    ),
    "population": MapPlate(
        label="Où vivent les habitants",
        theme="demographie",
        indicators=("demographie.population",),
        drawing="cercles",
    ),
    "communes": MapPlate(
        label="Emploi par commune",
        theme="emploi",
        indicators=("emploi.taux_emploi",),
        level="commune",
    ),
}


@dataclasses.dataclass(frozen=True)
class MappedSource(FrameSource):
    """A source with outlines."""

    maps: Mapping[str, SheetMap] = dataclasses.field(default_factory=dict)
    atlas: Atlas | None = None


def coded(count: int = 5) -> Atlas:
    """The atlas of the tests with the codes of the material."""
    held = atlas(count)
    quarters = tuple(
        Area(f"QP{k + 1:06d}", area.label, area.rings) for k, area in enumerate(held.quarters)
    )
    return dataclasses.replace(held, quarters=quarters)


def source(**more: Any) -> MappedSource:
    plain = material()
    fields = {f.name: getattr(plain, f.name) for f in dataclasses.fields(plain)}
    fields["catalogue"] = dataclasses.replace(plain.catalogue, plates=PLATES)
    return MappedSource(**{**fields, "atlas": coded(), **more})


def test_an_edition_without_outlines_prints_no_map() -> None:
    plain = material()
    assert maps_of(plain) == {} and atlas_of(plain) is None
    assert plates(Lookup(plain), "revenus") == [] and perimeter_pages(plain) is None
    assert plates(Lookup(source(atlas=None)), "revenus") == []


def test_a_plate_maps_what_is_known_and_tells_secret_from_unknown() -> None:
    lookup = Lookup(source())
    (page,) = plates(lookup, "revenus")
    assert [m["lines"] for m in page["maps"]] == [["Revenu médian, par an"], ["Taux de pauvreté"]]
    assert not page["large"] and page["width"] == 86
    assert page["sources"].startswith("Insee, Filosofi (2015). Contours\u00a0: Contours 2015")
    values = values_of(lookup, "qpv", "revenus.taux_pauvrete", "2015", coded())
    assert values["QP000005"].status == "secret" and values["QP000005"].value is None
    assert values["QP000001"].text == "52,3\u202f%"
    assert "Secret\u00a0: 1." in page["maps"][1]["alt"]
    held = classes_of(values, column(lookup), PLATES["revenus"])
    assert sum(c.count for c in held.classes) == 4


def column(lookup: Lookup) -> Any:
    from terril.reports.grid import column_of

    return column_of(lookup, "revenus.taux_pauvrete", "2015")


def test_one_map_is_drawn_large_with_every_name() -> None:
    (page,) = plates(Lookup(source()), "demographie")
    assert page["large"]
    svg = page["maps"][0]["svg"]
    for name in ("Quartier 1", "3\u202f400", "Quartier 4", "560"):
        assert f"{name}</text>" in svg


def test_a_map_of_communes_wants_half_of_them() -> None:
    lookup = Lookup(source())
    assert plates(lookup, "emploi") == [], "one commune of nine is known"
    few = dataclasses.replace(
        coded(), communes=(Area("62001", "Amont", coded().communes[0].rings),)
    )
    (page,) = plate_pages(lookup, PLATES["communes"], few)
    assert "chaque commune" in page["lead"] and page["maps"][0]["under"] == "en %, 2015"


def test_more_than_four_maps_take_several_pages() -> None:
    card = MapPlate(label="Tout", theme="revenus", indicators=("revenus.revenu_median",) * 6)
    pages = plate_pages(Lookup(source()), card, coded())
    assert [len(page["maps"]) for page in pages] == [4, 2]


def text_of(pdf: Path) -> str:
    pages = PdfReader(BytesIO(pdf.read_bytes())).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def test_theme_sheets_have_their_maps_after_two_pages(tmp_path: Path) -> None:
    written = {path.stem: path for path in write_theme_sheets(source(), tmp_path)}
    pages = {name: len(PdfReader(path).pages) for name, path in written.items()}
    assert pages == {"theme-demographie": 3, "theme-revenus": 3, "theme-emploi": PAGES}
    assert "chaque quartier prioritaire a la couleur de sa classe" in text_of(
        written["theme-revenus"]
    )


def test_the_volume_has_the_perimeters_and_the_maps(tmp_path: Path) -> None:
    (path,) = write_volume(source(), tmp_path)
    text = text_of(path)
    assert "Les périmètres de 2015 et de 2024" in text and "Quartier par quartier" in text
    assert "24,5 ha" in text and "20,0 →" in text
    assert "La surface de chaque cercle" in text
    (plain,) = write_volume(material(), tmp_path / "plain")
    assert "Quartier par quartier" not in text_of(plain)


def test_the_page_of_perimeters_says_what_changed() -> None:
    page = perimeter_pages(source())
    assert page is not None
    assert page["lead"].startswith("5 périmètres agrandis. Leur surface totale passe de 110 à 133")
    names = [panel["name"] for panel in page["panels"]]
    assert names == sorted(names) and len(names) == 5
    assert all(panel["alt"] and panel["words"] for panel in page["panels"])


@pytest.mark.parametrize("origin", ["Contours 2015", "ANCT 2015, IGN 2018", ""])
def test_the_map_of_a_sheet_says_its_source_under_it(origin: str) -> None:
    data = dataclasses.replace(sheet(), source=origin, credits="quartiers : ANCT")
    picture = map_picture(data)
    word = "Sources" if "," in origin else "Source"
    assert picture.source == (f"{word}\u00a0: {origin}" if origin else "")
    assert picture.ground and picture.credits == "quartiers : ANCT"
    assert picture.draw(286, 204).startswith("<svg") and picture.alt
    assert [words for _, words in picture.keys][-1] == "cité minière"
