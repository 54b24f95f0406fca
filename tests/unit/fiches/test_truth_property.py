"""Are the sentences true and well formed of any figures whatever?"""

from __future__ import annotations

from random import Random

from fiche_contracts import GROUP, Build
from fiche_reading import faults_of_form
from hypothesis import example, given, settings
from hypothesis import strategies as st

COMMUNES = {"62001": "Avion", "62002": "Le Touquet", "62003": "Harnes"}
SHARES = (
    "demographie.part_rsa_caf", "demographie.part_isoles_caf",
    "demographie.part_familles_monoparentales_caf", "demographie.part_moins_25_ans",
    "demographie.part_75_ans_et_plus", "revenus.taux_pauvrete", "revenus.part_menages_imposes",
    "sante.part_cmuc", "sante.part_acs", "sante.part_ald", "education.part_neet_16_25",
    "education.taux_retard_3e", "education.taux_retard_6e", "education.part_filiere_gt",
    "emploi.taux_emploi_15_64", "emploi.taux_emploi_femmes_15_64",
    "habitat.part_logements_vacants", "habitat.part_logements_sociaux_occupes",
)  # fmt: skip
OTHERS = (
    ("revenus.revenu_median_uc", 9000, 22000, 0), ("demographie.indice_jeunesse", 4, 40, 1),
    ("habitat.indice_fragilite", 60, 160, 0), ("emploi.nb_defm_abc", 20, 900, 0),
)  # fmt: skip

Rows = list[tuple[str, str, str, str, float | None, str]]


def contract(seed: int) -> tuple[dict[str, list[str]], Rows]:
    """A contract drawn from a seed: shares of all sizes, half of them where words hesitate."""
    draw = Random(seed)
    qpvs = {
        f"QN062{n:02d}M": draw.sample(sorted(COMMUNES), draw.randint(1, 3))
        for n in range(draw.choice([1, 2, 3, 4, 5, 8, 9, 14, 21]))
    }
    rows: Rows = []
    everyone = [*(("qpv", q) for q in qpvs), ("epci", GROUP), ("commune", "62001")]
    for code in draw.sample(SHARES, draw.randint(0, 12)):
        centre, spread = draw.randint(20, 950), draw.choice([1, 10, 60, 300])
        for kind, place in everyone:
            gap = draw.choice(["secret", "missing", *[""] * 8])
            tenths = min(1000, max(0, centre + draw.randint(-spread, spread)))
            rows.append((kind, place, code, "2020", None if gap else tenths / 10, gap or "ok"))
    for code, low, high, decimals in OTHERS:
        for kind, place in everyone[:-1]:
            value = draw.randint(low, high) / 10**decimals
            rows.append((kind, place, code, "2020", value, "ok"))
    return qpvs, rows


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
@example(74855)  # a gap of exactly a quarter of a standard deviation
def test_whatever_the_figures(build: Build, seed: int) -> None:
    qpvs, figures = contract(seed)
    made = build(qpvs, COMMUNES, figures)
    for qpv in qpvs:
        assert made.faults(qpv) == []
        texts = made.texts(qpv)
        for name, (text, _) in texts.items():
            assert faults_of_form(text) == [], name
        assert len(texts["headline"][0]) <= 120
        assert len(texts["brief"][0]) <= 430
        assert all(len(texts[theme][0]) <= 230 for theme in made.themes)
