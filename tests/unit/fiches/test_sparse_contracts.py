"""Does the sheet still read well with little data, or few neighbourhoods?"""

from __future__ import annotations

from fiche_contracts import GROUP, Build, Contract
from fiche_reading import faults_of_form

FINE = "\u202f"
POP, INCOME = "demographie.population", "revenus.revenu_median_uc"
POVERTY, RSA = "revenus.taux_pauvrete", "demographie.part_rsa_caf"


def _whole(contract: Contract, qpv: str) -> str:
    for name, (text, _) in contract.texts(qpv).items():
        assert faults_of_form(text) == [], name
    assert contract.faults(qpv) == []
    return " ".join(text for text, _ in contract.texts(qpv).values())


def test_nothing_but_a_population(build: Build) -> None:
    contract = build(
        {"QN06201M": ["62001"]},
        {"62001": "Le Touquet"},
        [("qpv", "QN06201M", POP, "2021", 1610.0, "ok")],
    )
    text = _whole(contract, "QN06201M")
    assert contract.writer.headline("QN06201M")[0] == (
        f"Un quartier de 1{FINE}610 habitants en 2021, sans autre donnée publiée."
    )
    assert text.count("Au Touquet, le quartier compte") == 1
    assert "moyenne" not in text
    assert contract.writer.strip_note("QN06201M", "sante") == "trop peu de quartiers"


def test_nothing_at_all(build: Build) -> None:
    contract = build(
        {"QN06201M": ["62001"]},
        {"62001": "Le Touquet"},
        [("commune", "62001", POP, "2021", 1610.0, "ok")],
    )
    assert "ne permettent pas encore" in _whole(contract, "QN06201M")


def test_one_neighbourhood_is_not_ranked(build: Build) -> None:
    contract = build(
        {"QN06201M": ["62001"]},
        {"62001": "Harnes"},
        [
            ("qpv", "QN06201M", INCOME, "2021", 12500.0, "ok"),
            ("epci", GROUP, INCOME, "2021", 19500.0, "ok"),
            ("commune", "62001", INCOME, "2021", 17500.0, "ok"),
            ("qpv", "QN06201M", POVERTY, "2021", 45.2, "ok"),
            ("epci", GROUP, POVERTY, "2021", 14.2, "ok"),
        ],
        epci="Métropole d’essai",
    )
    text = _whole(contract, "QN06201M")
    for word in ("rang", "quartiers connus", "légèrement", "moyenne des quartiers", "autres"):
        assert word not in text, text
    assert "dans la métropole" in text
    assert "agglomération" not in text


def test_two_neighbourhoods_are_not_ranked(build: Build) -> None:
    rows = [
        ("qpv", "QN06201M", INCOME, "2021", 12500.0, "ok"),
        ("qpv", "QN06202M", INCOME, "2021", 13500.0, "ok"),
        ("epci", GROUP, INCOME, "2021", 19500.0, "ok"),
        ("qpv", "QN06201M", RSA, "2021", None, "secret"),
    ]
    contract = build(
        {"QN06201M": ["62001"], "QN06202M": ["62001", "62002"]},
        {"62001": "Harnes", "62002": "Avion"},
        rows,
    )
    for qpv in contract.context.names:
        text = _whole(contract, qpv)
        assert "rang" not in text
        assert "des deux quartiers" not in text
    assert "couverte par le secret statistique" in _whole(contract, "QN06201M")
    assert "secret" not in _whole(contract, "QN06202M")


def test_a_change_is_told_when_most_have_it(build: Build) -> None:
    qpvs = {f"QN0620{n}M": ["62001"] for n in range(1, 7)}
    rows = []
    for n, qpv in enumerate(qpvs):
        rows.append(("qpv", qpv, POVERTY, "2021", 40.0 + n, "ok"))
        rows.append(("qpv", qpv, POVERTY, "2018", 30.0 + (n % 2), "ok"))
    contract = build(qpvs, {"62001": "Harnes"}, rows)
    assert any("depuis 2018" in _whole(contract, qpv) for qpv in qpvs)
    one_only = [row for row in rows if row[3] == "2021" or row[1] == "QN06201M"]
    contract = build(qpvs, {"62001": "Harnes"}, one_only)
    assert not any("depuis" in _whole(contract, qpv) for qpv in qpvs)


def test_equal_values_rank_nobody(build: Build) -> None:
    qpvs = {f"QN0620{n}M": ["62001"] for n in range(1, 7)}
    rows = [("qpv", qpv, POVERTY, "2021", 40.0, "ok") for qpv in qpvs]
    contract = build(qpvs, {"62001": "Harnes"}, rows)
    for qpv in qpvs:
        text = _whole(contract, qpv)
        assert "plus élevé" not in text
        assert "rang" not in text
