"""Are the modes of transport whole: no type of route in two modes, every parameter there?"""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from terril.catalogue.load import load_catalogue
from terril.catalogue.transport import TransportMode
from terril.lib.problems import ProblemsError

CARD = {"label": "bac", "plural": "bacs", "article": "le bac", "order": 9,
        "radius": "desserte_rayon_bus"}  # fmt: skip


def test_a_type_of_route_is_of_one_mode() -> None:
    modes = load_catalogue().modes
    for kind in range(1800):
        found = [code for code, card in modes.items() if card.holds(kind)]
        assert len(found) <= 1, (kind, found)
    assert [c for c in modes if modes[c].holds(3)] == ["bus"]
    assert not any(card.holds(3) for code, card in modes.items() if code == "bhns")


def test_distances_and_headways_are_parameters_with_their_reason() -> None:
    catalogue = load_catalogue()
    for card in catalogue.modes.values():
        for code in (card.radius, *([card.headway] if card.headway else [])):
            assert catalogue.number(code) > 0 and len(catalogue.parameters[code].reference) > 40


@pytest.mark.parametrize("types", [["bus"], ["9-3"], ["1-2-3"]])
def test_wrong_types_of_route(types: list[str]) -> None:
    with pytest.raises(ValidationError):
        TransportMode.model_validate({**CARD, "route_types": types})


def test_a_project_adds_a_mode_and_its_parameter_must_exist(tmp_path: Path) -> None:
    folder = tmp_path / "vocabularies"
    folder.mkdir()
    text = "bac: {label: bac, plural: bacs, article: le bac, order: 9, radius: %s}\n"
    (folder / "modes.yaml").write_text(text % "desserte_rayon_bus", encoding="utf-8")
    assert "bac" in load_catalogue([tmp_path]).modes
    (folder / "modes.yaml").write_text(text % "rayon_bac", encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        load_catalogue([tmp_path])
    assert [p.code for p in caught.value.problems] == ["carte-renvoi"]
