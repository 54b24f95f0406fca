"""Each check speaks when it should, and only then."""

from __future__ import annotations

from typing import Any

import pytest

from small_world import (
    EPCI,
    card,
    catalogue,
    count,
    qpv,
    said,
    statements,
    territories,
    two_lists,
    values_of,
)  # fmt: skip
from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Indicator, Relation
from terril.observations.checks import Finding, run
from terril.observations.resolve import resolve

Q = qpv(1)
PARTS = ("essai.a", "essai.b", "essai.c")


def _cards(relation: Relation | None = None, **cards: Indicator) -> Catalogue:
    known = {code: card(label=f"Part {code[-1]}") for code in PARTS}
    known["essai.total"] = card(label="Total")
    known |= {f"essai.{name}": value for name, value in cards.items()}
    return catalogue(known, relations={"r": relation} if relation else {})


def _run(
    rows: list[dict[str, Any]], cards: Catalogue | None = None, size: int = 21, **more: Any
) -> list[Finding]:
    frame = statements(rows)
    return run(frame, resolve(frame), cards or _cards(), territories(size, **more))


def _codes(findings: list[Finding]) -> list[str]:
    return [f.code for f in findings]


# ------------------------------------------------------------------ sums

HUNDRED = Relation(label="les parts font 100", parts=PARTS, constant=100)
TOTAL = Relation(label="les parts font le total", parts=PARTS, total="essai.total")
AT_MOST = Relation(label="parts", parts=PARTS[:2], total="essai.total", at_most=True)

#: relation, values of the parts (and total), written decimals, does it fail?
SUMS = [
    (HUNDRED, [50.0, 30.0, 20.0], 1, False),
    (HUNDRED, [33.3, 33.3, 33.3], 1, False),  # 0,1 short, three roundings of 0,05
    (HUNDRED, [33.3, 33.3, 33.2], 1, True),
    (HUNDRED, [33.0, 33.0, 33.0], 0, False),
    (HUNDRED, [60.0, 49.0, 0.0], 0, True),
    (HUNDRED, [50.0, None, 20.0], 1, False),
    (TOTAL, [10.0, 20.0, 30.0, 60.0], 1, False),
    (TOTAL, [10.0, 20.0, 30.0, 60.3], 1, True),
    (AT_MOST, [10.0, 20.0, 99.0, 60.0], 1, False),
    (AT_MOST, [50.0, 20.0, 0.0, 60.0], 1, True),
]


@pytest.mark.parametrize(("relation", "values", "decimals", "fails"), SUMS)
def test_sums(relation: Relation, values: list[float | None], decimals: int, fails: bool) -> None:
    codes = [*PARTS, "essai.total"]
    rows = [
        said(Q, code, v, decimals=decimals, line=n)
        for n, (code, v) in enumerate(zip(codes, values, strict=False), 2)
    ]
    found = _run(rows, _cards(relation))
    assert _codes(found) == (["somme"] if fails else [])
    if fails:
        assert "tableaux.csv, ligne 2" in found[0].places
        assert found[0].territory == Q


def test_counts_must_add_up_exactly_unless_their_producer_rounds() -> None:
    relation = Relation(label="f et h", parts=("essai.f", "essai.h"), total="essai.tous")
    rows = [said(Q, f"essai.{n}", v, decimals=0) for n, v in (("f", 91), ("h", 123), ("tous", 215))]
    exact = {n: count() for n in ("f", "h", "tous")}
    rounded = {n: count(secrecy="caf_arrondi") for n in ("f", "h", "tous")}
    assert _codes(_run(rows, _cards(relation, **exact))) == ["somme"]
    assert _codes(_run(rows, _cards(relation, **rounded))) == []


def test_a_missing_class_makes_one_finding() -> None:
    rows = [
        said(qpv(n), code, v)
        for n in range(1, 5)
        for code, v in zip(PARTS, (50.0, 30.0, 19.4), strict=True)
    ]
    rows += [said(qpv(5), c, v) for c, v in zip(PARTS, (50.0, 30.0, 29.0), strict=True)]
    found = _run(rows, _cards(HUNDRED))
    assert _codes(found) == ["somme", "somme"]
    assert {f.territory for f in found} == {"", qpv(5)}
    assert "4 territoires" in found[0].text


def test_a_part_sum_says_no_more_than_its_whole() -> None:
    relations = {"w": TOTAL, "m": AT_MOST}
    cards = catalogue(
        {**{code: card() for code in PARTS}, "essai.total": card()}, relations=relations
    )
    rows = [said(Q, c, v) for c, v in zip([*PARTS, "essai.total"], (50, 20, 9, 60), strict=True)]
    assert _codes(_run(rows, cards)) == ["somme"]


# ------------------------------------------------------------------ secrets


#: the third part secret: which others are published, is it given away?
GIVEN_AWAY = [
    (HUNDRED, {"essai.a": 50.0, "essai.b": 30.0}, True),
    (HUNDRED, {"essai.a": 50.0}, False),
    (HUNDRED, {"essai.a": 50.0, "essai.b": None}, False),
    (TOTAL, {"essai.a": 50.0, "essai.b": 30.0}, False),
    (TOTAL, {"essai.a": 50.0, "essai.b": 30.0, "essai.total": 83.7}, True),
    (AT_MOST, {"essai.a": 50.0, "essai.total": 83.7}, False),
]


@pytest.mark.parametrize(("relation", "published", "given"), GIVEN_AWAY)
def test_secret_beside_published_figures(
    relation: Relation, published: dict[str, float | None], given: bool
) -> None:
    rows = [said(Q, code, v) for code, v in published.items()]
    rows.append(said(Q, "essai.c", None, status="secret"))
    if given:  # a second document prints it: still never written
        rows.append(said(Q, "essai.c", 3.7, raw="3,7", document="f", priority=20))
    found = _run(rows, _cards(relation))
    assert _codes(found) == (["secret-calculable"] if given else [])
    for finding in found:
        assert finding.indicator == "essai.c"
        assert not any(number in finding.text for number in ("3,7", "50", "30", "83"))


def test_a_complement_gives_its_secret_away() -> None:
    formula = {"form": "complement", "terms": ("essai.a",)}
    cards = _cards(pro=card(formula=formula))
    rows = [said(Q, "essai.a", 40.0), said(Q, "essai.pro", None, status="secret")]
    assert _codes(_run(rows, cards)) == ["secret-calculable"]
    rows = [said(Q, "essai.pro", 60.0), said(Q, "essai.a", None, status="secret")]
    assert _codes(_run(rows, cards)) == ["secret-calculable"]


# ------------------------------------------------------------------ ranges, outliers, bases


@pytest.mark.parametrize(
    ("value", "out"), [(0.0, False), (100.0, False), (100.1, True), (-0.1, True)]
)
def test_ranges(value: float, out: bool) -> None:
    cards = _cards(part=card(minimum=0, maximum=100))
    found = _run([said(Q, "essai.part", value, line=7)], cards)
    assert _codes(found) == (["hors-bornes"] if out else [])
    assert not found or found[0].places == ("tableaux.csv, ligne 7",)


def test_a_set_aside_value_out_of_range_is_told_but_not_a_blanked_one() -> None:
    cards = _cards(part=card(minimum=0, maximum=100))
    rows = [said(Q, "essai.part", 20.0), said(Q, "essai.part", 200.0, document="f", priority=20)]
    assert "hors-bornes" in _codes(_run(rows, cards))
    rows.append(said(Q, "essai.part", None, status="secret", document="g", priority=30))
    assert _codes(_run(rows, cards)) == []


USUAL = [9.0, 9.5, 10.0, 10.2, 10.4, 10.6, 11.0, 11.3, 11.5]

#: one more value, is it far?
FAR = [(12.5, False), (14.0, False), (18.8, True), (1.0, True)]


@pytest.mark.parametrize(("value", "far"), FAR)
def test_outliers(value: float, far: bool) -> None:
    found = _run(values_of("essai.a", [*USUAL, value]))
    assert _codes(found) == (["valeur-extreme"] if far else [])
    if far:
        assert qpv(10) in found[0].text


def test_no_outlier_among_few_values_equal_values_or_counts() -> None:
    assert _run(values_of("essai.a", [10.0, 10.1, 10.2, 50.0])) == []
    assert _run(values_of("essai.a", [10.0] * 10 + [50.0])) == []
    cards = _cards(nb=count())
    assert _run(values_of("essai.nb", [*USUAL, 900.0]), cards) == []


def test_the_base_of_an_index_is_100() -> None:
    formula = {
        "form": "index_of_ratios",
        "base": "epci",
        "terms": ("essai.a",),
        "directions": ("direct",),
    }
    cards = _cards(indice=card(formula=formula))
    rows = [said(EPCI, "essai.indice", 95.0, kind="epci"), said(Q, "essai.indice", 95.0)]
    found = _run(rows, cards)
    assert _codes(found) == ["base-indice"]
    assert found[0].territory == EPCI
    assert _run([said(EPCI, "essai.indice", 100.0, kind="epci")], cards) == []


# ------------------------------------------------------------------ comparators


def test_a_comparator_that_moves() -> None:
    def stated(value: float, sheet: int, **more: Any) -> dict[str, Any]:
        return said(
            EPCI,
            "essai.a",
            value,
            kind="epci",
            document=f"fiches:{qpv(sheet)}",
            raw=f"{value:g}",
            line=sheet,
            **more,
        )

    assert _run([stated(4.1, 1), stated(4.1, 2)]) == []
    found = _run([stated(4.1, 1), stated(4.1, 2), stated(5.0, 3)])
    assert _codes(found) == ["comparateur-change"]
    assert found[0].places == tuple(f"tableaux.csv, ligne {n}" for n in (1, 2, 3))
    hidden = said(EPCI, "essai.a", None, kind="epci", status="secret", document="z")
    assert _run([stated(4.1, 1), stated(5.0, 3), hidden]) == []


def test_a_commune_of_another_neighbourhood() -> None:
    sheet = f"fiches:{Q}"
    rows = [
        said("62001", "essai.a", 12.0, kind="commune", document=sheet, line=5),
        said("62002", "essai.a", 13.0, kind="commune", document=sheet, line=6),
        said("62002", "essai.b", 14.0, kind="commune", document=sheet, line=7),
        said("62001+62002", "essai.c", 14.0, kind="communes", document=sheet, line=8),
        said("62002", "essai.a", 13.0, kind="commune", document="contexte", line=9),
    ]
    found = _run(rows, communes={1: ["62001"], 2: ["62002"]})
    assert _codes(found) == ["commune-etrangere"]
    assert found[0].places == ("tableaux.csv, ligne 6",)
    assert "(3 chiffres)" in found[0].text


def test_the_whole_is_the_sum_of_the_neighbourhoods() -> None:
    cards = _cards(nb=count())
    whole = said(EPCI, "essai.nb", 61, kind="qpv_ensemble")
    assert _run([*values_of("essai.nb", [10, 20, 31]), whole], cards, 3) == []
    found = _run([*values_of("essai.nb", [10, 20, 30]), whole], cards, 3)
    assert _codes(found) == ["ensemble"]
    assert "61 dans le document" in found[0].text and "font 60" in found[0].text
    # one neighbourhood unknown: nothing can be said
    assert _run([*values_of("essai.nb", [10, 20, None]), whole], cards, 3) == []


# ------------------------------------------------------------------ copies

#: twenty neighbourhoods with their own values, two decimals apart
OWN = {
    f"essai.{n}": [round(5 + 1.7 * k + 0.13 * j, 1) for k in range(20)] for j, n in enumerate("abc")
}


def _copied(copies: int) -> list[dict[str, Any]]:
    rows = []
    for n, (code, values) in enumerate(OWN.items()):
        column = list(values)
        if n < copies:
            column[11] = column[3]
        rows += values_of(code, column)
    return rows


@pytest.mark.parametrize(("copies", "told"), [(0, False), (2, False), (3, True)])
def test_three_equal_figures_of_a_theme(copies: int, told: bool) -> None:
    found = _run(_copied(copies))
    assert _codes(found) == (["recopie"] if told else [])
    if told:
        assert f"({qpv(4)}) et Quartier 12 ({qpv(12)})" in found[0].text
        assert len(found[0].places) == 1  # all are on one line in this small world


def test_figures_with_few_values_are_no_copy() -> None:
    rows = []
    for code in OWN:
        rows += values_of(code, [float(10 + n % 4) for n in range(20)])
    assert _run(rows) == []


def test_a_secret_figure_is_no_evidence() -> None:
    rows = _copied(3)
    rows.append(said(qpv(12), "essai.a", None, status="secret", document="f"))
    assert _codes(_run(rows)) == []


def test_the_complement_of_a_figure_is_no_second_evidence() -> None:
    pair = Relation(label="deux font 100", parts=("essai.b", "essai.c"), constant=100)
    rows = []
    for code in ("essai.a", "essai.b", "essai.c"):
        column = list(OWN["essai.b"] if code == "essai.c" else OWN[code])
        column = [round(100 - v, 1) for v in column] if code == "essai.c" else column
        column[11] = column[3]
        rows += values_of(code, column)
    assert _codes(_run(rows, _cards(pair))) == []


def test_what_a_sheet_says_otherwise_comes_from_another() -> None:
    rows = []
    for code, values in OWN.items():
        rows += values_of(code, values)
        rows.append(
            said(
                qpv(12),
                code,
                values[3],
                document=f"fiches:{qpv(12)}",
                priority=20,
                file="fiches.csv",
                line=8,
            )
        )
    found = _run(rows)
    assert _codes(found) == ["recopie"]
    assert "3 des 3 valeurs" in found[0].text
    assert found[0].territory == qpv(12)
    assert f"celles de Quartier 4 ({qpv(4)})" in found[0].text


# ------------------------------------------------------------------ means, clean data


def test_a_printed_mean_that_is_not_the_mean() -> None:
    rows = values_of("essai.a", [10.0, 20.0, 30.0])
    good = said(EPCI, "essai.a", 20.0, kind="qpv_moyenne")
    bad = said(EPCI, "essai.a", 22.0, kind="qpv_moyenne", line=33)
    assert _run([*rows, good], size=3) == []
    found = _run([*rows, bad], size=3)
    assert _codes(found) == ["moyenne"]
    assert found[0].places == ("tableaux.csv, ligne 33",)


def test_clean_figures_say_nothing() -> None:
    rows = [row for code, values in OWN.items() for row in values_of(code, values)]
    assert _run(rows) == []


@pytest.mark.parametrize(("whole", "mean", "wrong"), [
    (61, 20.3, []),  # those of 2024
    (33, 11.0, []),  # those of 2015, in the same period
    (94, 15.7, ["ensemble", "moyenne"]),  # of both lists together, which nobody counts
])  # fmt: skip
def test_two_lists_are_never_added_up(whole: float, mean: float, wrong: list[str]) -> None:
    frame, old, new = two_lists(3)
    rows = [said(code, "essai.nb", v) for code, v in zip(old, [10, 11, 12], strict=True)]
    rows += [said(code, "essai.nb", v) for code, v in zip(new, [10, 20, 31], strict=True)]
    rows.append(said(EPCI, "essai.nb", whole, kind="qpv_ensemble"))
    rows.append(said(EPCI, "essai.nb", mean, kind="qpv_moyenne", decimals=1))
    table = statements(rows)
    found = run(table, resolve(table), _cards(nb=count()), frame)
    assert sorted(_codes(found)) == wrong


def test_an_unchanged_perimeter_is_no_copy() -> None:
    frame, old, new = two_lists(20)
    rows = [
        said(code, indicator, value)
        for indicator, values in OWN.items()
        for codes in (old, new)
        for code, value in zip(codes, values, strict=True)
    ]
    table = statements(rows)
    assert run(table, resolve(table), _cards(), frame) == []
