"""Do the cards say what the field, the mock-up and the pilot's files say?"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from terril.catalogue.cards import KINDS
from terril.catalogue.load import PACKAGE, Catalogue


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a comma-separated file of the pilot."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


PICTOGRAMS = {
    "demographie": ["part_familles_monoparentales_caf", "part_isoles_caf", "part_rsa_caf"],
    "revenus": ["revenu_median_uc", "part_menages_imposes", "part_prestations_100"],
    "sante": ["part_cmuc", "part_sans_mutuelle", "part_ald", "part_acs"],
    "education": ["taux_retard_3e", "part_filiere_gt", "part_neet_16_25"],
    "emploi": ["part_rsa_defm", "part_defm_inf_cap", "part_defm_sup_bac"],
    "habitat": ["indice_fragilite"],
    "equipement": [],
}

#: words of page 2, in order, as the mock-up prints them, one exception: « … dont filles »,
#: since the published figure is a composition (docs/decisions/catalogue.md)
PAGE_2 = {
    "demographie": [
        "Moins de 25 ans",
        "75 ans et plus",
        "Indice de jeunesse, rapport",
        "Familles monoparentales, CAF",
        "Personnes isolées, CAF",
        "Bénéficiaires du RSA, CAF",
    ],
    "revenus": [
        "Revenu médian par UC, en €",
        "Taux de pauvreté",
        "Ménages imposés",
        "À 100 % de prestations, CAF",
    ],
    "sante": [
        "Bénéficiaires de la CMU-C",
        "Bénéficiaires de l’ACS",
        "Sans mutuelle",
        "Affection de longue durée",
        "Sans médecin traitant",
        "Bénéficiaires de l’AAH, CAF",
    ],
    "education": [
        "Retard à l’entrée en 6e",
        "Retard à l’entrée en 3e",
        "Voie générale ou technologique",
        "… dont filles",
        "Jeunes sans études ni emploi",
        "Moins de 3 ans en maternelle",
    ],
    "emploi": [
        "Taux d’emploi, 15-64 ans",
        "Taux d’emploi des femmes",
        "Taux de chômage",
        "Demandeurs d’emploi au RSA",
        "… de niveau inférieur au CAP",
        "… de niveau supérieur au bac",
    ],
    "habitat": [
        "Logements sociaux occupés",
        "Logements vacants",
        "Impayés de plus de trois mois",
        "Indice de fragilité, base 100",
    ],
    "equipement": [],
}


def test_the_indicators_of_the_pictograms_are_those_of_the_field(own: Catalogue) -> None:
    blocks = {block.theme: list(block.signal) for block in own.fiches["quartier"].blocks}
    assert blocks == {
        theme: [f"{theme}.{name}" for name in names] for theme, names in PICTOGRAMS.items()
    }
    assert {code for code, card in own.indicators.items() if card.pictogram} == {
        code for codes in blocks.values() for code in codes
    }


def test_page_2_has_the_words_of_the_mock_up(own: Catalogue) -> None:
    printed = {
        block.theme: [
            (own.indicators[code].table or own.indicators[code].short).replace("\u202f", " ")
            for code in block.rows
        ]
        for block in own.fiches["quartier"].blocks
    }
    assert printed == PAGE_2


def test_every_code_of_the_pilot_has_a_card(pilot: Catalogue, shared_data: Path) -> None:
    codes: set[str] = set()
    for name in ("tableaux_thematiques", "fiches_valeurs", "contexte"):
        codes |= {row["indicator"] for row in rows(shared_data / f"{name}.csv")}
    assert len(codes) > 130
    assert not codes - set(pilot.indicators)


def test_every_type_of_equipment_of_the_pilot_has_a_card(
    pilot: Catalogue, shared_data: Path
) -> None:
    types = {row["type"]: row["categorie"] for row in rows(shared_data / "equipement_types.csv")}
    types |= {row["type"]: row["categorie"] for row in rows(shared_data / "equipements.csv")}
    assert len(types) > 100
    assert {kind: pilot.equipment[kind].category for kind in types} == types


@pytest.mark.parametrize(
    ("qpv", "counts"),
    [
        (
            "QP062019",
            {
                "ecole": (6, 0),
                "commerce_alimentaire": (1, 5),
                "sante": (3, 16),
                "commerce_quotidien": (2, 4),
                "poste": (0, 1),
                "sport": (1, 4),
            },
        ),
        (
            "QP062029",
            {
                "ecole": (4, 5),
                "commerce_alimentaire": (4, 2),
                "sante": (3, 28),
                "commerce_quotidien": (1, 4),
                "poste": (1, 0),
                "sport": (1, 3),
            },
        ),
    ],
)
def test_families_of_equipment_give_the_counts_of_the_mock_up(
    pilot: Catalogue, shared_data: Path, qpv: str, counts: dict[str, tuple[int, int]]
) -> None:
    found = {family: [0, 0] for family in pilot.families}
    for row in rows(shared_data / "equipements.csv"):
        if row["qpv"] == qpv:
            cell = found[pilot.equipment[row["type"]].range]
            cell[0] += int(row["nb_quartier"] or 0)
            cell[1] += int(row["nb_tampon"] or 0)
    assert {family: tuple(found[family]) for family in counts} == counts


def test_the_six_tables_have_the_printed_columns_and_decimals(
    own: Catalogue, shared_data: Path
) -> None:
    printed = rows(shared_data / "tableaux_thematiques.csv")
    columns: dict[str, list[str]] = {}
    decimals: dict[str, int] = {}
    for row in printed:
        code = row["indicator"]
        theme = columns.setdefault(code.partition(".")[0], [])
        if code not in theme:
            theme.append(code)
        decimals[code] = max(decimals.get(code, 0), len(row["value"].partition(".")[2]))
    assert sum(map(len, columns.values())) == 32
    assert {theme: list(own.tables[theme].columns) for theme in columns} == columns
    assert {code: own.indicators[code].decimals for code in decimals} == decimals


def test_figures_of_the_pilot_are_within_the_ranges_of_the_cards(
    pilot: Catalogue, shared_data: Path
) -> None:
    seen = 0
    for name in ("tableaux_thematiques", "fiches_valeurs", "contexte"):
        for row in rows(shared_data / f"{name}.csv"):
            if row["status"] == "ok":
                card, value = pilot.indicators[row["indicator"]], float(row["value"])
                low = card.minimum if card.minimum is not None else float("-inf")
                high = card.maximum if card.maximum is not None else float("inf")
                assert low <= value <= high, row
                seen += 1
    assert seen > 2500


#: rank of QP062019 and QP062029 in the mock-up: they tell which way each card must turn
RANKS = {
    "demographie.part_moins_25_ans": (4, 6),
    "demographie.part_75_ans_et_plus": (19, 17),
    "demographie.indice_jeunesse": (7, 9),
    "demographie.part_familles_monoparentales_caf": (18, 2),
    "demographie.part_isoles_caf": (19, 12),
    "demographie.part_rsa_caf": (20, 9),
    "revenus.revenu_median_uc": (20, 4),
    "revenus.taux_pauvrete": (20, 5),
    "revenus.part_menages_imposes": (19, 7),
    "revenus.part_prestations_100": (20, 10),
    "sante.part_cmuc": (19, 7),
    "sante.part_acs": (16, 18),
    "sante.part_sans_mutuelle": (13, 9),
    "sante.part_ald": (15, 17),
    "sante.part_sans_medecin_traitant": (21, 14),
    "sante.part_aah_caf": (15, 11),
    "education.part_filiere_gt": (2, 18),
    "education.part_filles_filiere_gt": (1, 13),
    "education.part_neet_16_25": (15, 2),
    "education.part_maternelle_moins_3_ans": (5, 12),
    "emploi.taux_emploi_15_64": (20, 10),
    "emploi.taux_emploi_femmes_15_64": (21, 14),
    "emploi.taux_chomage_rp": (20, 9),
    "emploi.part_rsa_defm": (17, 4),
    "emploi.part_defm_inf_cap": (18, 15),
    "emploi.part_defm_sup_bac": (14, 11),
    "habitat.part_logements_sociaux_occupes": (16, 10),
    "habitat.part_logements_vacants": (20, 9),
    "habitat.part_impayes_3_mois": (3, 6),
    "habitat.indice_fragilite": (7, 7),
}


def test_polarity_gives_the_ranks_of_the_mock_up(own: Catalogue, shared_data: Path) -> None:
    values: dict[str, dict[str, float]] = {}
    printed = rows(shared_data / "tableaux_thematiques.csv")
    tables = {row["indicator"] for row in printed}
    sheets = rows(shared_data / "fiches_valeurs.csv")
    for row in [*printed, *(row for row in sheets if row["indicator"] not in tables)]:
        if row["territory_kind"] == "qpv" and row["status"] == "ok":
            values.setdefault(row["indicator"], {})[row["territory"]] = float(row["value"])
    found = {}
    for code in RANKS:
        known = values[code]
        sign = -1 if own.indicators[code].polarity.value == "defavorable" else 1
        found[code] = tuple(
            1 + sum(sign * other > sign * known[qpv] for other in known.values())
            for qpv in ("QP062019", "QP062029")
        )
    assert found == RANKS


def texts(model: BaseModel, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (field, text) for the French texts of a card: those that are not codes."""
    for name in type(model).model_fields:
        yield from _texts(getattr(model, name), path + name)


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, BaseModel):
        yield from texts(value, f"{path}.")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, f"{path}.{key}")
    elif isinstance(value, str) and not re.fullmatch(r"-?[a-z0-9_.]+", value):
        yield path, value


def all_texts(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Return (place, text) for every text of every card."""
    found: list[tuple[str, str]] = []
    for kind in KINDS:
        for code, card in getattr(catalogue, kind.field).items():
            pieces = [("", card)] if isinstance(card, str) else list(texts(card))
            found += [(f"{kind.field} {code} {field}", text) for field, text in pieces]
    return found


TYPOGRAPHY = {
    "straight apostrophe": r"'",
    "plain space before a double sign": r" [;!?%€:]",
    "no space before a double sign": r"[^\s][;!?]",
    "plain space inside guillemets": r"« | »|«[^\u00a0]|[^\u00a0]»",
    "double space": r"[ \u00a0\u202f]{2}",
    "plain space inside a number": r"\d \d{3}(?!\d)",
    "decimal point": r"\d\.\d",
    "space at an end": r"^\s|\s$",
}


def test_texts_follow_french_typography(pilot: Catalogue) -> None:
    found = all_texts(pilot)
    assert len(found) > 2500
    faults = [
        f"{place}: {rule}: {text}"
        for place, text in found
        for rule, pattern in TYPOGRAPHY.items()
        if re.search(pattern, text)
    ]
    assert not faults


SIGLE = re.compile(r"\b(?:[A-Z]{2,}[A-Z0-9]*(?:-[A-Z]+)?|C2S)\b")


def test_every_acronym_of_a_label_is_explained(pilot: Catalogue) -> None:
    faults, seen = [], 0
    for code, card in pilot.indicators.items():
        phrase = [text for _, text in texts(card.phrase)]
        for text in [card.label, card.short, card.table or "", *phrase]:
            for sigle in SIGLE.findall(text):
                seen += 1
                if sigle not in card.acronyms:
                    faults.append(f"{code}: {sigle} in « {text} »")
    assert seen > 100
    assert not faults


def test_every_word_of_the_naming_charter_opens_a_code(own: Catalogue) -> None:
    for nature, card in own.natures.items():
        names = [c.partition(".")[2] for c, i in own.indicators.items() if i.nature == nature]
        for word in set(card.openings) - {nature}:
            assert any(name == word or name.startswith(word + "_") for name in names), word


def test_every_card_of_a_vocabulary_is_used(pilot: Catalogue) -> None:
    indicators = pilot.indicators.values()
    assert {card.unit for card in indicators} == set(pilot.units)
    assert {card.source for card in indicators} <= set(pilot.sources)
    rules = {card.secrecy for card in indicators} | {s.secrecy for s in pilot.sources.values()}
    assert rules == set(pilot.secrecy)
    assert {kind.range for kind in pilot.equipment.values()} == set(pilot.families)


def test_shares_of_two_counts_say_their_formula_in_the_order_num_over_den(own: Catalogue) -> None:
    for code, card in own.indicators.items():
        if card.formula and card.formula.form == "ratio" and card.unit == "pourcent":
            numerator, denominator = card.formula.terms
            assert own.indicators[numerator].aggregation.value == "somme", code
            assert card.weight == denominator, code
            assert card.formula.factor == 100, code


def test_nothing_of_the_pilot_is_in_the_package() -> None:
    files = [path for path in PACKAGE.rglob("*") if path.suffix in (".yaml", ".csv", ".py")]
    assert len(files) > 40
    names = re.compile(r"Lens|Li[eé]vin|\bCALL\b|\bAvion\b|QP062|246200364|La Gare")
    faults = [path.name for path in files if names.search(path.read_text(encoding="utf-8"))]
    assert not faults
