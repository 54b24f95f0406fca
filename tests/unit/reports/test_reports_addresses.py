"""Does what is handed over of a list of addresses hold its result, and nothing of anybody?"""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import openpyxl
import polars as pl
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terril.places.addresses.reasons import Reason
from terril.places.addresses.tally import Tally
from terril.reports.address_counts import AddressCounts, address_counts, showable_together
from terril.reports.attestation import (
    AddressReport,
    attestation_pdf,
    write_counts_csv,
    write_counts_xlsx,
)
from terril.territories.geometry import Layer, as_shapes

CODES = tuple(f"QP0620{n:02d}" for n in range(1, 31))
WORDS = ("Roses", "Lilas", "Acacias", "Prés", "Moulins") * 6
LABELS = tuple(f"Quartier des {word}" for word in WORDS)
LAYER = Layer("qpv", "2024", 2154, CODES, LABELS, as_shapes([None] * 30), pl.DataFrame())
MINIMUM, LEAST = 5, 11


def counts(
    inside: dict[str, int], outside: int, unknown: dict[Reason, int] | None = None
) -> AddressCounts:
    found = address_counts(Tally(inside, outside, unknown or {}), LAYER, MINIMUM, LEAST)
    assert found is not None
    return found


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("made", "figure", "start"),
    [
        (counts({"QP062001": 60}, 40), "60,0 %", "60,0 % des adresses de la liste sont dans"),
        (
            counts({"QP062001": 60}, 30, {Reason.NO_NUMBER: 10}),
            "au moins 60,0 %",
            "Entre 60,0 % et 70,0 % des adresses de la liste",
        ),
        (
            counts({"QP062001": 60}, 40, {Reason.NO_NUMBER: 2}),
            "au moins 58,8 %",
            "Au moins 58,8 % des adresses de la liste",
        ),
        (counts({"QP062001": 98}, 2), "au moins 95,0 %", "Au moins 95,0 % des 100 adresses"),
        (counts({"QP062001": 2}, 98), "au plus 5,0 %", "Au plus 5,0 % des 100 adresses"),
        (counts({"QP062001": 50}, 0), "100,0 %", "100,0 % des adresses"),
        (counts({}, 50), "0,0 %", "0,0 % des adresses"),
        (
            counts({"QP062001": 2}, 2, {Reason.EDGE: 2, Reason.NO_NUMBER: 9}),
            "s",
            "La part des 15 adresses de la liste",
        ),
    ],
)
def test_sentences(made: AddressCounts, figure: str, start: str) -> None:
    assert plain(made.figure) == figure
    assert plain(made.sentence).startswith(start)
    assert "30 quartiers prioritaires (périmètres de 2024)" in plain(made.sentence)


def test_the_share_among_the_known_needs_both_sides() -> None:
    assert "66,7" in counts({"QP062001": 60}, 30, {Reason.EDGE: 10}).among_known
    assert counts({"QP062001": 60}, 40).among_known == ""
    assert counts({"QP062001": 60}, 40, {Reason.EDGE: 2}).among_known == ""


def test_a_short_list_gives_nothing() -> None:
    assert address_counts(Tally({"QP062001": 5}, 5, {}), LAYER, MINIMUM, LEAST) is None


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_a_bound_leaves_every_small_count_possible(inside: int, outside: int, rest: int) -> None:
    tally = Tally(
        {"QP062001": inside} if inside else {}, outside, {Reason.EDGE: rest} if rest else {}
    )
    found = address_counts(tally, LAYER, MINIMUM, LEAST)
    if found is None:
        assert tally.total < LEAST
        return
    assert found.at_least is None or found.at_most is None
    if found.at_least is None and found.at_most is None:
        return
    low = found.at_least if found.at_least is not None else 1
    high = found.at_most if found.at_most is not None else found.total - 1
    assert low <= inside <= high
    # the count that the bound is about may still be 1 or the minimum
    hidden = {found.total - k if found.at_least is not None else k for k in (1, MINIMUM)}
    assert all(low <= value <= high for value in hidden)
    assert found.zones == () and found.reasons == ()


def test_two_generations_stand_together_only_if_their_strip_is_wide() -> None:
    assert showable_together(Counter({("dans A", "dans B"): 3, ("hors", "hors"): 50}), MINIMUM)
    assert showable_together(Counter({("hors", "dans B"): 9, ("hors", "hors"): 50}), MINIMUM)
    assert not showable_together(Counter({("hors", "dans B"): 2, ("hors", "hors"): 50}), MINIMUM)
    split = Counter({("hors", "dans B"): 3, ("hors", "dans C"): 3, ("hors", "hors"): 50})
    assert showable_together(split, MINIMUM)


def report(*made: AddressCounts) -> AddressReport:
    return AddressReport(
        made, ("Adresses : base d’essai.", "Périmètres : essai."), "2026-05-04", "Les Amis"
    )


@pytest.mark.parametrize(
    "made",
    [
        counts({"QP062001": 60}, 30, {Reason.NO_NUMBER: 10}),
        counts({code: 7 for code in CODES}, 30, {reason: 6 for reason in Reason}),
        counts({"QP062001": 98}, 2),
        counts({}, 50),
        counts({"QP062001": 2}, 2, {Reason.EDGE: 2, Reason.NO_NUMBER: 9}),
    ],
)
def test_the_attestation_is_one_page_and_the_same_each_time(made: AddressCounts) -> None:
    pdf = attestation_pdf(report(made))
    assert pdf == attestation_pdf(report(made))
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    text = plain(pages[0].extract_text())
    assert "Les Amis" in text and "4 mai 2026" in text
    assert "aucune adresse, aucun nom" in text
    assert f"{made.total} adresses" in text


def test_a_hidden_count_is_in_none_of_the_files(tmp_path: Path) -> None:
    made = counts({"QP062001": 57, "QP062002": 3}, 40, {Reason.NO_NUMBER: 4, Reason.EDGE: 33})
    write_counts_csv(report(made), tmp_path / "a.csv")
    write_counts_xlsx(report(made), tmp_path / "a.xlsx")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    told = {row[2]: row[3] for row in rows[1:]}
    assert told["dans un quartier prioritaire"] == "60" and told["toutes"] == "137"
    assert told["voie à cheval, sans numéro"] == told["à la limite du périmètre"] == "s"
    assert not {"3", "4", "57", "33"} & set(told.values())
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Résultat"]
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    assert 60 in cells and "s" in cells and not {3, 4, 57, 33} & cells


def test_the_second_generation_is_told_under_the_first() -> None:
    first, second = counts({"QP062001": 60}, 40), counts({"QP062001": 50}, 50)
    pages = pypdf.PdfReader(io.BytesIO(attestation_pdf(report(first, second)))).pages
    assert "50,0 % des adresses" in plain(pages[0].extract_text()).replace("\n", " ")
