"""Les ruptures de série et les tendances.

Deux chiffres d'une même série ne se comparent pas toujours. Le registre des ruptures
(`catalogue/breaks`) dit, source par source, ce qui a changé, quand, et comment on le sait. Entre
deux périodes, une rupture bloque le changement (il n'est plus dit) ou l'annote (il est dit avec
une phrase).

Quand le changement depuis la dernière période est bloqué, il est pris depuis une période plus
ancienne, si une existe qui ne l'est pas.

Une tendance n'est testée qu'à partir de cinq points comparables (Mann-Kendall, au seuil de
5 %) ; sinon elle est « non testée ». « Stable » veut dire qu'aucune tendance n'est établie.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from methode import Methode, Tableau, indicateur, periode, ruptures, source
from small_world import card, catalogue, qpv, retained, said, territories
from terril.benchmarks.changes import blocked_changes, comparable_changes
from terril.benchmarks.compare import compare
from terril.catalogue.load import load_catalogue
from terril.indicators.breaks import annotate_changes, between
from terril.indicators.trends import trends

#: indicateur, d'une période à une autre, ce que font les ruptures, leurs cartes
RUPTURES: list[tuple[str, str, str, str | None, list[str]]] = [
    # Filosofi
    ("revenus.taux_pauvrete", "2014", "2015", "bloque", ["filosofi_consecutifs"]),
    ("revenus.taux_pauvrete", "2012", "2014", None, []),
    ("revenus.taux_pauvrete", "2013", "2015", None, []),
    ("revenus.revenu_median_uc", "2014", "2016", "annote", ["filosofi_2016"]),
    ("revenus.revenu_median_uc", "2016", "2018", "annote", ["filosofi_2018"]),
    ("revenus.revenu_median_uc", "2015", "2018", "annote", ["filosofi_2016", "filosofi_2018"]),
    ("revenus.revenu_d1", "2017", "2019", "annote", ["filosofi_2018", "filosofi_2019"]),
    ("revenus.revenu_d1", "2018", "2020", "annote", ["filosofi_2019", "filosofi_2020"]),
    ("revenus.revenu_d1", "2019", "2021", "annote", ["filosofi_2020", "filosofi_2021"]),
    ("revenus.revenu_d1", "2020", "2021", "bloque", ["filosofi_consecutifs", "filosofi_2021"]),
    ("revenus.revenu_d1", "2021", "2023", "bloque", ["filosofi_2023"]),
    ("revenus.revenu_d1", "2023", "2025", None, []),
    (
        "revenus.part_prestations_logement",
        "2016",
        "2018",
        "bloque",
        ["filosofi_2018_aides_logement", "filosofi_2018"],
    ),
    ("revenus.part_prestations_logement", "2014", "2016", "annote", ["filosofi_2016"]),
    # assurance maladie
    ("sante.nb_cmuc", "2016", "2017", "bloque", ["cnam_consecutifs"]),
    ("sante.part_c2s_sans_participation", "2020", "2021", "bloque", ["cnam_consecutifs"]),
    ("sante.part_c2s_sans_participation", "2020", "2022", None, []),
    # caisses d'allocations familiales
    ("demographie.part_rsa_caf", "2016", "2017", None, []),
    ("demographie.nb_allocataires_caf", "2017", "2020", None, []),
    # recensement : fenêtres de cinq ans
    ("emploi.taux_emploi_15_64", "2015", "2018", "bloque", ["recensement_fenetres"]),
    ("emploi.taux_emploi_15_64", "2013", "2017", "bloque", ["recensement_fenetres"]),
    ("emploi.taux_emploi_15_64", "2010", "2015", None, []),
    ("demographie.population", "2013", "2018", None, []),
    # demandeurs d'emploi
    ("emploi.nb_defm_abc", "2017-12-31", "2018-12-31", None, []),
    ("emploi.nb_defm_abc", "2022-12-31", "2023-12-31", None, []),
    ("emploi.nb_defm_abc", "2023-12-31", "2024-12-31", "annote", ["france_travail_2024"]),
    (
        "emploi.part_rsa_defm",
        "2023-12-31",
        "2025-12-31",
        "annote",
        ["france_travail_2024", "inscription_2025"],
    ),
]


@pytest.mark.parametrize(("indicator", "before", "after", "effect", "codes"), RUPTURES)
def test_ruptures(
    indicator: str, before: str, after: str, effect: str | None, codes: list[str]
) -> None:
    found = between(indicator, before, after, None, load_catalogue())
    assert [crossing.code for crossing in found] == codes
    assert [c.card.effect.value for c in found][:1] == ([effect] if effect else [])
    same = between(indicator, after, before, None, load_catalogue())
    assert same == found, "l'ordre des deux périodes ne compte pas"


#: source de l'ancien chiffre, du nouveau, cartes
SOURCES = [
    ("caf", "caf", []),
    ("caf_ouvertes", "caf_ouvertes", ["caf_arrondi"]),
    ("caf", "caf_ouvertes", ["caf_arrondi"]),
    ("caf_ouvertes", "caf", ["caf_arrondi"]),
]


@pytest.mark.parametrize(("before", "after", "codes"), SOURCES)
def test_la_source_de_chaque_chiffre_decide(before: str, after: str, codes: list[str]) -> None:
    found = between(
        "demographie.nb_allocataires_caf", "2020", "2024", before, load_catalogue(), source_b=after
    )
    assert [crossing.code for crossing in found] == codes


#: indicateur remplacé, indicateur qui le remplace, carte
REMPLACES = [
    (
        "emploi.part_emploi_precaire",
        "emploi.part_emploi_duree_limitee",
        "emploi_duree_limitee_2021",
    ),
    ("sante.part_cmuc", "sante.part_c2s_sans_participation", "c2s_2019"),
]


@pytest.mark.parametrize(("old", "new", "code"), REMPLACES)
def test_deux_indicateurs_ne_font_pas_une_serie(old: str, new: str, code: str) -> None:
    found = between(old, "2012", "2022", None, load_catalogue(), indicator_b=new)
    assert [(c.code, c.blocks) for c in found if c.card.replaced] == [(code, True)]


def test_deux_generations_de_perimetres_ne_se_comparent_pas() -> None:
    own = load_catalogue()
    couples = [("QP001001", "QN00101M"), ("QN00101M", "QP001001"), ("QP974001", "QN97401I")]
    for pair in couples:
        found = between("revenus.taux_pauvrete", "2018", "2021", None, own, territories=pair)
        assert "perimetres_2024" in [c.code for c in found] and found[0].blocks
    same = between(
        "revenus.taux_pauvrete", "2012", "2014", None, own, territories=("QP001001", "QP001001")
    )
    assert same == []


#: périodes connues du quartier, période, ce qui est dit : référence, effet
DEPUIS_QUAND: list[tuple[list[str], str, tuple[str, str | None]]] = [
    (["2010", "2015", "2018"], "2018", ("2010", None)),
    (["2012", "2013", "2015", "2018"], "2018", ("2013", None)),
    (["2015", "2018"], "2018", ("2015", "bloque")),
    (["2010", "2015"], "2015", ("2010", None)),
]


@pytest.mark.parametrize(("periods", "period", "expected"), DEPUIS_QUAND)
def test_le_changement_est_pris_depuis_la_derniere_periode_comparable(
    periods: list[str], period: str, expected: tuple[str, str | None]
) -> None:
    cards = catalogue({"essai.part": card(source="insee_recensement")})
    rows = [
        said(qpv(1), "essai.part", 10.0 + n, period=p, source="insee_recensement")
        for n, p in enumerate(periods)
    ]
    frame = retained(rows)
    result = compare(frame, territories(1), cards)
    annotated = annotate_changes(result.gaps, frame, cards)
    changes = comparable_changes(annotated, frame, result.groups, cards)
    told = changes.row(
        by_predicate=(pl.col("comparator") == "previous") & (pl.col("period") == period), named=True
    )
    reference, effect = expected
    assert (told["reference_period"], told["break_effect"]) == (reference, effect)
    nearest = periods[periods.index(period) - 1]
    blocked = blocked_changes(annotated, changes).filter(pl.col("period") == period)
    if reference == nearest and effect is None:
        assert blocked.is_empty()
    else:  # le changement le plus proche est bloqué : le registre s'en souvient
        taken = None if effect == "bloque" else reference
        assert blocked.select("reference_period", "taken").rows() == [(nearest, taken)]
    rank = {p: float(n) for n, p in enumerate(periods)}
    gap = None if effect == "bloque" else rank[period] - rank[reference]
    assert (told["gap"], told["direction"]) == (gap, None if gap is None else "higher")


#: ce que disent les points, d'une année à la suivante ; résultat, points comparables
TENDANCES: list[tuple[str, list[float | None], str, int]] = [
    ("asp", [1, 2, 3, 4, 5], "hausse", 5),
    ("asp", [5, 4, 3, 2, 1], "baisse", 5),
    ("asp", [1, 2, 3, 5, 4], "stable", 5),
    ("asp", [1, 2, 3, 4, 6, 5], "hausse", 6),
    ("asp", [3, 3, 3, 3, 3], "stable", 5),
    ("asp", [1, 2, 3, 4], "non testé", 4),
    ("asp", [1, 2, None, 3, 4], "non testé", 4),
    ("asp", [1, 2, None, 3, 4, 5], "hausse", 5),
    # deux millésimes consécutifs ne comptent jamais ensemble
    ("cnam", [1, 2, 3, 4, 5], "non testé", 3),
    ("cnam", [1, 9, 2, 0, 3, 7, 4, 1, 5], "hausse", 5),
    # le recensement : un point tous les cinq ans
    ("insee_recensement", [float(n) for n in range(10)], "non testé", 2),
]


@pytest.mark.parametrize(("source", "values", "result", "points"), TENDANCES)
def test_tendances(source: str, values: list[float | None], result: str, points: int) -> None:
    cards = catalogue({"essai.part": card(source=source)})
    rows: list[dict[str, Any]] = [
        said(qpv(1), "essai.part", value, period=str(2004 + n), source=source)
        for n, value in enumerate(values)
    ]
    found = trends(retained(rows), cards).row(0, named=True)
    assert (found["result"], found["points"]) == (result, points)
    assert (found["judgement"] == "defavorable") == (result == "hausse")
    assert (found["reason"] != "") == (result == "non testé") == (found["p_value"] is None)


def test_chaque_carte_dit_sa_reference_et_comment_elle_est_connue() -> None:
    cards = load_catalogue().breaks
    assert len(cards) >= 14
    for code, broken in cards.items():
        assert len(broken.reference) > 20, code
        assert broken.text.endswith("."), code
        if broken.certainty.value == "a_verifier":
            assert "vérifier" in broken.reference, code


EFFETS = {"bloque": "bloqué", "annote": "annoté", None: "libre"}

METHODE = Methode(
    order=21,
    tables=(
        Tableau(
            "RUPTURES",
            "Ce que fait le registre d’une période à l’autre",
            ("indicateur", "de", "à", "changement", "ruptures"),
            {"indicateur": indicateur, "de": periode, "à": periode, "ruptures": ruptures},
            words=EFFETS,
        ),
        Tableau(
            "SOURCES",
            "La source de chaque chiffre décide",
            ("source de l’ancien", "source du nouveau", "ruptures"),
            {"source de l’ancien": source, "source du nouveau": source, "ruptures": ruptures},
        ),
        Tableau(
            "REMPLACES",
            "Deux indicateurs ne font pas une série",
            ("ancien", "nouveau", "rupture"),
            {
                "ancien": indicateur,
                "nouveau": indicateur,
                "rupture": lambda code: ruptures([code]),
            },
        ),
        Tableau(
            "DEPUIS_QUAND",
            "Depuis quelle période un changement du recensement est dit",
            ("périodes connues", "période", "référence et changement"),
            {
                "référence et changement": lambda told: (
                    f"{told[0]}, {'bloqué : rien n’est dit' if told[1] else 'dit'}"
                )
            },
        ),
        Tableau(
            "TENDANCES",
            "Tendances testées, un point par an",
            ("source", "valeurs", "résultat", "points comparables"),
            {"source": source},
        ),
    ),
)
