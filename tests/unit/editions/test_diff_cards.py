"""Is a change of method told apart from a change of words?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from edition_sample import content, fiche

from terril.catalogue.cards import KINDS, Catalogue
from terril.catalogue.load import load_catalogue
from terril.editions.diff import UNQUOTED, compare
from terril.editions.diff_cards import (
    CARD,
    METHOD,
    WORDING,
    card_changes,
    formula_terms,
    method_indicators,
    shown,
)
from terril.editions.open import open_edition
from terril.editions.seal import seal
from terril.fiches.model import ThemeText

BASE = load_catalogue()


def changed(field: str, code: str, **values: Any) -> Catalogue:
    cards = dict(getattr(BASE, field))
    cards[code] = cards[code].model_copy(update=values)
    return replace(BASE, **{field: MappingProxyType(cards)})


def without(field: str, code: str) -> Catalogue:
    cards = {key: card for key, card in getattr(BASE, field).items() if key != code}
    return replace(BASE, **{field: MappingProxyType(cards)})


def test_the_same_catalogue_changes_in_nothing() -> None:
    assert card_changes(BASE, load_catalogue()).is_empty()


@pytest.mark.parametrize(
    ("field", "code", "values", "nature", "said"),
    [
        ("parameters", "signal_favorable", {"value": 0.6}, METHOD, ("0,5", "0,6")),
        ("parameters", "signal_favorable", {"reference": "Autre."}, WORDING, None),
        ("indicators", "revenus.taux_pauvrete", {"decimals": 0}, METHOD, ("1", "0")),
        ("indicators", "revenus.taux_pauvrete", {"label": "Pauvreté"}, WORDING, None),
        ("indicators", "revenus.taux_pauvrete", {"pictogram": True}, METHOD, ("non", "oui")),
        ("units", "pourcent", {"symbol": "pour cent"}, WORDING, None),
    ],
)
def test_a_field_is_method_or_words(
    field: str, code: str, values: dict[str, Any], nature: str, said: tuple[str, str] | None
) -> None:
    if code not in getattr(BASE, field):
        code = next(iter(getattr(BASE, field)))
    found = card_changes(BASE, changed(field, code, **values))
    assert found.select("field_kind", "code", "field", "nature", "change").rows() == [
        (field, code, next(iter(values)), nature, "changé")
    ]
    if said is not None:
        assert found.select("before", "after").row(0) == said


def test_a_field_that_nobody_declared_words_is_method() -> None:
    """The cards of secrecy will get other fields: none may pass for words."""
    words = {"label", "note"}
    code = next(iter(BASE.secrecy))
    fields = set(type(BASE.secrecy[code]).model_fields) - words
    assert {"minimum", "rounding", "blank_zero"} <= fields
    rule = changed("secrecy", code, minimum=99, rounding=7, blank_zero=True)
    found = card_changes(BASE, rule)
    assert set(found["nature"]) == {METHOD} and found.height >= 2


def test_a_card_added_or_removed_is_one_row() -> None:
    shorter = without("parameters", "signal_favorable")
    assert card_changes(shorter, BASE).select("change", "nature", "field").rows() == [
        ("ajouté", CARD, "")
    ]
    assert card_changes(BASE, shorter)["change"].to_list() == ["retiré"]


def test_every_kind_of_card_is_looked_at() -> None:
    for kind in KINDS:
        held = getattr(BASE, kind.field)
        if held:
            found = card_changes(BASE, without(kind.field, next(iter(held))))
            assert found["field_kind"].to_list() == [kind.field], kind.field


def test_the_method_of_an_indicator_is_its_card_its_rule_and_its_terms() -> None:
    code = "emploi.nb_defm_abc_femmes"
    assert code in formula_terms(BASE)["emploi.nb_defm_abc"]
    assert code in formula_terms(BASE)["emploi.part_rsa_defm"], "at any depth"
    other = changed("indicators", code, unit="pourcent")
    reached = method_indicators(card_changes(BASE, other), BASE, other)
    assert {code, "emploi.nb_defm_abc", "emploi.part_rsa_defm"} <= reached
    assert "revenus.taux_pauvrete" not in reached
    words = changed("indicators", code, label="Autre")
    assert method_indicators(card_changes(BASE, words), BASE, words) == set()
    rule = BASE.indicators["revenus.taux_pauvrete"].secrecy
    stricter = changed("secrecy", rule, minimum=1000)
    assert "revenus.taux_pauvrete" in method_indicators(
        card_changes(BASE, stricter), BASE, stricter
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"), (True, "oui"), (False, "non"), (0.5, "0,5"), (1e-7, "1e-07"), (3, "3"),
        (["a", "b"], "a · b"), ([], ""), ({"a": 1}, '{"a": 1}'), ([{"a": 1}], '[{"a": 1}]'),
    ],
)  # fmt: skip
def test_fields_are_written_for_people(value: object, text: str) -> None:
    assert shown(value) == text


# ------------------------------------------------------------------ texts and signals


def test_a_pictogram_says_whether_the_method_moved_it(tmp_path: Path) -> None:
    first = content()
    later = replace(first.info, edition="2021-07-01")
    seal(tmp_path / "a", first)
    moved = first.signals.with_columns(signal=first.signals["signal"].replace("difficile", "moyen"))
    cards = changed("parameters", "signal_difficile", value=-0.9)
    seal(tmp_path / "b", replace(first, info=later, signals=moved, catalogue=cards))
    found = compare(open_edition(tmp_path / "a"), open_edition(tmp_path / "b"))
    assert found.signals.select("change", "cause").rows() == [("changé", "méthode")]
    assert found.signals.select("sureness_before", "sureness_after").rows() == [(0.85, 0.85)]
    assert found.summary()[1] == "méthode\u00a0: 1 carte du catalogue change"


def test_a_pictogram_whose_sureness_alone_moved_is_told_apart(tmp_path: Path) -> None:
    first = content()
    seal(tmp_path / "a", first)
    for name, sureness in (("b", 0.6), ("c", 0.852)):
        other = first.signals.with_columns(sureness=first.signals["sureness"] * 0 + sureness)
        seal(tmp_path / name, replace(first, signals=other))
    a, b, c = (open_edition(tmp_path / name) for name in "abc")
    assert compare(a, b).signals["change"].to_list() == ["sûreté"]
    assert compare(a, c).signals.is_empty(), "85 % and 85 % are read the same"


def test_texts_that_may_say_a_secret_figure_are_not_quoted(tmp_path: Path) -> None:
    """The sheet of the neighbourhood and that of the theme, on the side that publishes."""
    first = content()
    said = fiche().statements[0]
    theme = ThemeText("revenus", "De 44,1 % à 60 %", (), (said,))
    other = ThemeText("sante", "La santé va bien", (), ())
    before = replace(first, fiches=(fiche(), fiche("QP000002")), themes=(theme, other))
    blanked = first.retained.to_dicts()
    blanked[0] |= {"value": None, "status": "secret", "raw": "s", "decimals": None}
    after = replace(
        first,
        info=replace(first.info, edition="2021-07-01"),
        retained=first.retained.__class__(blanked, schema=first.retained.schema),
        fiches=tuple(replace(f, headline="Sans chiffre") for f in (fiche(), fiche("QP000002"))),
        themes=(replace(theme, headline="Secret"), replace(other, headline="Autre")),
    )
    seal(tmp_path / "a", before)
    seal(tmp_path / "b", after)
    editions = open_edition(tmp_path / "a"), open_edition(tmp_path / "b")
    for found, side in ((compare(*editions), "before"), (compare(*reversed(editions)), "after")):
        quoted = {
            (row["fiche"], row["part"]): row[side]
            for row in found.texts.to_dicts()
            if row["part"] == "titre"
        }
        assert quoted == {
            ("QP000001", "titre"): UNQUOTED,
            ("QP000002", "titre"): "Un quartier pauvre",
            ("theme:revenus", "titre"): UNQUOTED,
            ("theme:sante", "titre"): "La santé va bien",
        }
        assert "44,1" not in str([frame.rows() for frame in found.frames.values()])
        assert found.dangers.height == 1


def test_a_secret_reference_silences_all_the_sheets(tmp_path: Path) -> None:
    first = content()
    seal(tmp_path / "a", replace(first, fiches=(fiche(), fiche("QP000002"))))
    rows = first.retained.to_dicts()
    rows[2] |= {"value": None, "status": "secret", "raw": "s", "decimals": None}
    after = replace(
        first,
        retained=first.retained.__class__(rows, schema=first.retained.schema),
        fiches=(replace(fiche(), headline="Autre"), replace(fiche("QP000002"), headline="Autre")),
    )
    seal(tmp_path / "b", after)
    found = compare(open_edition(tmp_path / "a"), open_edition(tmp_path / "b"))
    assert found.texts["before"].to_list() == [UNQUOTED, UNQUOTED]
    assert found.texts["after"].to_list() == ["Autre", "Autre"]


def test_what_makes_a_comparison_doubtful_is_said(tmp_path: Path) -> None:
    first = content()
    seal(tmp_path / "a", first, draft=True)
    info = replace(
        first.info, edition="2019-07-01", generation="2024", epci="200000001", epci_name="Autre"
    )
    seal(tmp_path / "b", replace(first, info=info))
    found = compare(open_edition(tmp_path / "a"), open_edition(tmp_path / "b"))
    told = " ".join(found.warnings)
    assert len(found.warnings) == 4
    for word in ("génération (2015, puis 2024)", "même contrat", "plus récente", "brouillon"):
        assert word in told


def test_a_territory_that_changes_is_told(tmp_path: Path) -> None:
    first = content()
    seal(tmp_path / "a", first)
    rows = first.territories.to_dicts()
    rows[0]["label"] = "Cité du Grand Nord"
    rows[1]["population"] = 12.0
    places = first.territories.__class__(rows[:2], schema=first.territories.schema)
    seal(tmp_path / "b", replace(first, territories=places))
    found = compare(open_edition(tmp_path / "a"), open_edition(tmp_path / "b"))
    assert found.territories.select("kind", "code", "change").rows() == [
        ("epci", "200000000", "retiré"),
        ("qpv", "QP000001", "changé"),
    ]
    assert "territoires\u00a0: 1 retiré, 1 changé" in found.summary()
