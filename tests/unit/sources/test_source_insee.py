"""Official files by vintage: what is recognised, what is refused, and how to declare it.

The files here are small and made up; those of the producer are read in
``test_source_insee_real.py``.
"""

from __future__ import annotations

from typing import Any

import pytest
from source_material import Desk, Read
from workbooks import xlsx

from terril.lib.problems import Severity
from terril.sources.columns import KEY, NOTE, families

NARROW = "\u202f"
DEMO_2019 = [c.head for c in families()["insee_demo_qpv"].of("2019")]
CAF, POP = "demographie.nb_allocataires_caf", "demographie.population"


def demo(heads: list[str], *rows: dict[str, str], separator: str = ";", trailing: int = 160) -> str:
    """Write a file as the Insee does: mark, CRLF, empty columns on the right."""
    lines = [separator.join(heads) + separator * trailing]
    lines += [separator.join(row.get(h, "") for h in heads) + separator * trailing for row in rows]
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


PRES = {
    "CODGEO": "QP001001", "LIBGEO": "Les Prés", "LIB_COM": "Ambérieu",
    "POP_MUN": f"1{NARROW}610", "TX_TOT_0A24": "39,1", "A": "603", "AM": "120", "NOTE_CNAF": "0",
}  # fmt: skip
TOTAL = {"CODGEO": "Ensemble", "LIBGEO": "Ensemble des QPV", "POP_MUN": f"5{NARROW}019{NARROW}573"}
FAR = {**PRES, "CODGEO": "QP976001"}


def errors(read: Read) -> list[str]:
    return [p.code for p in read.problems if p.severity is Severity.ERROR]


def test_a_known_vintage_is_read(desk: Desk) -> None:
    read = desk.read("DEMO_2019.csv", demo(DEMO_2019, TOTAL, PRES, FAR), "insee")
    assert errors(read) == []
    assert read.value("QP001001", POP, "2013") == 1610
    assert read.value("QP001001", "demographie.part_moins_25_ans", "2015") == 39.1
    assert read.value("QP001001", CAF, "2017") == 603
    assert read.frame["territory"].unique().to_list() == ["QP001001"]  # not the total, not far
    (row,) = read.rows("QP001001", POP)
    assert (row["line"], row["column"], row["raw"]) == (3, "POP_MUN", f"1{NARROW}610")
    assert row["source"] == "insee_recensement"  # of the card


def test_a_neighbourhood_of_the_project_that_is_not_there_is_told(desk: Desk) -> None:
    read = desk.read("DEMO_2019.csv", demo(DEMO_2019, PRES), "insee")
    (problem,) = read.of("territoire-sans-ligne")
    assert "QP001002" in problem.what
    assert problem.severity is Severity.WARNING


def test_the_whole_country_is_kept_when_asked(desk: Desk) -> None:
    text = demo(DEMO_2019, TOTAL, PRES, FAR)
    read = desk.read("DEMO_2019.csv", text, "insee", territoires="tous")
    assert sorted(read.frame["territory"].unique()) == ["QP001001", "QP976001"]


@pytest.mark.parametrize(("note", "status"), [("0", "missing"), ("3", "secret"), ("5", "missing")])
def test_the_code_of_the_producer_says_why_a_cell_is_empty(
    desk: Desk, note: str, status: str
) -> None:
    row = {**PRES, "A": "", "AM": "s", "NOTE_CNAF": note}
    read = desk.read("DEMO_2019.csv", demo(DEMO_2019, row), "insee")
    assert read.status("QP001001", CAF) == status
    assert read.status("QP001001", "demographie.nb_allocataires_monoparents_caf") == "secret"
    assert read.value("QP001001", CAF) is None


def test_lower_case_heads_and_a_year_in_them(desk: Desk) -> None:
    text = "codgeo;disp_q1_a16;disp_q2_a16;tp60_a16;note\nQP001001;9450;12500;44,1;0\n"
    heads = {c.written("2016").lower() for c in families()["insee_filosofi_qpv"].of("2016")}
    missing = sorted(heads - set(text.split("\n")[0].split(";")))
    full = "\n".join(
        line + ";" + ";".join(missing if n == 0 else ["1"] * len(missing))
        for n, line in enumerate(text.strip().split("\n"))
    )
    read = desk.read("revenus.csv", full, "insee")
    assert errors(read) == []
    assert read.value("QP001001", "revenus.revenu_median_uc", "2016") == 12500
    assert read.value("QP001001", "revenus.taux_pauvrete", "2016") == 44.1


def test_a_head_with_a_trailing_space_is_the_same_head(desk: Desk) -> None:
    heads = [h + " " if h == "POP_MUN" else h for h in DEMO_2019]
    read = desk.read(
        "DEMO_2019.csv", demo(heads, {**PRES, "POP_MUN ": "1610"}), "insee"
    )  # fmt: skip
    assert read.value("QP001001", POP) == 1610


def test_a_file_without_names_is_read(desk: Desk) -> None:
    heads = [c.head for c in families()["insee_demo_qpv"].of("2020")]
    assert "LIBGEO" not in heads
    read = desk.read("data_DEMO_2020_V1_QP.csv", demo(heads, PRES, trailing=0), "insee")
    assert errors(read) == []
    assert read.value("QP001001", CAF, "2018") == 603


def test_a_repeated_head_is_told_and_refused_only_when_it_matters(desk: Desk) -> None:
    heads = [*DEMO_2019, "NOTE_CNAF", "POP_MUN"]
    same = demo(DEMO_2019, PRES, trailing=0).strip().split("\r\n")
    twin = "\r\n".join([";".join(["\ufeff" + heads[0], *heads[1:]]), same[1] + f";5;1{NARROW}610"])
    read = desk.read("DEMO_2019.csv", twin, "insee")
    assert errors(read) == []
    assert {p.where.column for p in read.of("titre-double")} == {"NOTE_CNAF", "POP_MUN"}
    other = twin[: twin.rindex(";")] + ";9"
    read = desk.read("DEMO_2019.csv", other, "insee")
    assert [(p.code, p.where.column) for p in read.problems if p.severity is Severity.ERROR] == [
        ("titre-double", "POP_MUN")
    ]


def test_an_xlsx_with_titles_labels_and_heads_on_line_six(desk: Desk) -> None:
    width = len(DEMO_2019)
    rows: list[list[Any]] = [
        ["Démographie par quartier"], [], ["Source : Insee"], [],
        [f"Libellé {n}" for n in range(width)], list(DEMO_2019),
        [PRES.get(h) for h in DEMO_2019],
    ]  # fmt: skip
    path = xlsx(
        desk.root / "DEMO_2019_V2.xlsx",
        {"Documentation": [["Lisez-moi"]], "Données quartier(s)": rows},
    )
    read = desk.read_path(path, "insee")
    assert errors(read) == []
    assert {"titres-au-dessus", "feuilles-ignorees"} <= set(read.codes)
    (row,) = read.rows("QP001001", POP)
    assert (row["value"], row["sheet"], row["line"]) == (1610, "Données quartier(s)", 7)


def test_labels_under_the_heads_are_told(desk: Desk) -> None:
    label = {h: f"Libellé de {h.lower()}" for h in DEMO_2019}
    text = demo(DEMO_2019, {**label, "CODGEO": "Code géographique"}, PRES)
    read = desk.read("DEMO_2019.csv", text, "insee")
    assert errors(read) == ["deux-entetes"]
    read = desk.read("DEMO_2019.csv", text, "insee", lignes_apres_entete="1")
    assert read.value("QP001001", POP) == 1610


# --- vintages ----------------------------------------------------------------------------

DEMO_2021 = [*[h for h in DEMO_2019 if h not in ("A_ETUD", "ENF_2")], "TX_NOUVEAU"]


def test_a_vintage_never_seen_says_what_is_recognised_and_how_to_declare_it(desk: Desk) -> None:
    read = desk.read("DEMO_2021.csv", demo(DEMO_2021, PRES), "insee")
    assert errors(read) == ["millesime-inconnu"]
    assert read.frame.is_empty()
    (problem,) = read.of("millesime-inconnu")
    assert problem.where.line == 1
    for told in ("2021", "POP_MUN", "(1) : TX_NOUVEAU", "A_ETUD, ENF_2"):
        assert told in problem.what
    for told in (
        'millesime = "2021"',
        "modele",
        "[entrees.periodes]",
        'caf = "…"',
        "rp",
        "population",
    ):
        assert told in problem.remedy


def test_a_declared_vintage_loads(desk: Desk) -> None:
    heads = [*DEMO_2019, "TX_NOUVEAU"]
    text = demo(heads, PRES)
    part = {"millesime": "2021", "modele": "2020", "periodes.rp": "2018"}
    rest = {"periodes.caf": "2019", "periodes.population": "2018"}
    path = desk.root / "DEMO_2021.csv"
    path.write_text(text, encoding="utf-8", newline="")
    read = desk.read_path(path, "insee", options=part)
    assert errors(read) == ["periode-absente"]
    assert "caf" in str(read.of("periode-absente")[0])
    read = desk.read_path(path, "insee", options=part | rest)
    assert errors(read) == []
    assert read.value("QP001001", CAF, "2019") == 603
    assert read.value("QP001001", "demographie.part_moins_25_ans", "2018") == 39.1
    assert "TX_NOUVEAU" in read.of("colonnes-non-lues")[0].what


def test_a_dated_family_takes_its_year_from_the_heads_when_declared(desk: Desk) -> None:
    columns = families()["insee_filosofi_qpv"].of("2019")
    heads = [c.written("2021") for c in columns]
    text = demo(heads, {h: "12" for h in heads} | {"CODGEO": "QP001001"}, trailing=0)
    read = desk.read("filo21.csv", text, "insee")
    assert errors(read) == ["millesime-inconnu"]
    read = desk.read("filo21.csv", text, "insee", millesime="2021", modele="2019")
    assert errors(read) == []
    assert read.value("QP001001", "revenus.revenu_median_uc", "2021") == 12


def test_a_renamed_column_is_told_with_its_look_alike_and_may_be_declared(desk: Desk) -> None:
    heads = ["POP_MUNI" if h == "POP_MUN" else h for h in DEMO_2019]
    text = demo(heads, {**PRES, "POP_MUNI": "1610"})
    read = desk.read("DEMO_2019.csv", text, "insee")
    assert errors(read) == ["colonne-absente"]
    (problem,) = read.of("colonne-absente")
    assert problem.where.column == "POP_MUN"
    assert "POP_MUNI" in problem.what
    assert 'POP_MUN = "POP_MUNI"' in problem.remedy
    assert desk.read(
        "DEMO_2019.csv", text, "insee", colonnes__POP_MUN="POP_MUNI"
    ).value("QP001001", POP) == 1610  # fmt: skip
    dropped = desk.read("DEMO_2019.csv", text, "insee", colonnes__POP_MUN="")
    assert errors(dropped) == []
    assert dropped.rows("QP001001", POP) == []


def test_a_name_without_a_year_needs_one_when_several_vintages_fit(desk: Desk) -> None:
    read = desk.read("demo.csv", demo(DEMO_2019, PRES), "insee")
    assert errors(read) == ["millesime-indecidable"]
    assert "2018, 2019" in read.problems[0].what
    read = desk.read("demo.csv", demo(DEMO_2019, PRES), "insee", millesime="2018")
    assert read.value("QP001001", CAF, "2016") == 603


def test_a_name_without_a_year_is_enough_when_one_vintage_fits(desk: Desk) -> None:
    heads = [c.head for c in families()["insee_ipro_qpv"].of("2022")]
    row = {h: "12" for h in heads} | {"CODGEO": "QP001001"}
    read = desk.read("ipro.csv", demo(heads, row), "insee")
    assert errors(read) == []
    assert read.value("QP001001", "emploi.part_emploi_duree_limitee", "2018") == 12
    assert read.rows("QP001001", "emploi.part_emploi_precaire") == []


def test_years_that_are_only_supposed_are_said(desk: Desk) -> None:
    heads = [c.head for c in families()["insee_demo_qpv"].of("2022")]
    read = desk.read("DEMO_2022.csv", demo(heads, PRES), "insee")
    (problem,) = read.of("periode-supposee")
    assert problem.severity is Severity.WARNING
    assert "caf : 2020" in problem.what
    confirmed = desk.read(
        "DEMO_2022.csv", demo(heads, PRES), "insee",
        periodes__rp="2018", periodes__caf="2021", periodes__population="2018",
    )  # fmt: skip
    assert confirmed.of("periode-supposee") == []
    assert confirmed.value("QP001001", CAF, "2021") == 603


def test_another_file_is_of_no_family(desk: Desk) -> None:
    read = desk.read("x_2019.csv", "CODGEO;UN;DEUX;TROIS;QUATRE\nQP001001;1;2;3;4\n", "insee")
    assert errors(read) == ["entete-absent"]


def test_a_file_of_another_level_is_told(desk: Desk) -> None:
    text = demo(DEMO_2019, {**PRES, "CODGEO": "010040101"})
    read = desk.read("DEMO_2019.csv", text, "insee")
    assert errors(read) == ["famille-inconnue"]
    assert "010040101" in read.problems[0].what
    assert "quartier" in read.problems[0].what


def test_a_file_without_any_territory_of_the_project_is_told(desk: Desk) -> None:
    read = desk.read("DEMO_2019.csv", demo(DEMO_2019, TOTAL, FAR), "insee")
    assert errors(read) == ["fichier-sans-ligne"]
    assert "Aucun territoire du projet" in read.problems[-1].what


@pytest.mark.parametrize(
    ("name", "code", "kind", "territory"),
    [
        ("FILO2019_DISP_COM.csv", "01004", "commune", "01004"),
        ("FILO2019_DISP_EPCI.csv", "200000001", "epci", "200000001"),
        ("FILO2019_DISP_DEP.csv", "01", "departement", "01"),
        ("FILO2019_DISP_METROPOLE.csv", "1", "france_metro", "FM"),
        ("FILO2019_DISP.csv", "01004", "commune", "01004"),
    ],
)
def test_the_level_of_a_territory_file(
    desk: Desk, name: str, code: str, kind: str, territory: str
) -> None:
    heads = [c.written("2019") for c in families()["insee_filosofi_territoires"].of("2019")]
    text = demo(heads, {h: "12" for h in heads} | {"CODGEO": code, "LIBGEO": "x"})
    read = desk.read(name, text, "insee")
    assert errors(read) == []
    assert read.frame["kind"].unique().to_list() == [kind]
    assert read.value(territory, "revenus.revenu_median_uc", "2019") == 12


# --- the maps ----------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(families()))
def test_a_map_is_whole(code: str, known_indicators: frozenset[str]) -> None:
    family = families()[code]
    assert family.columns
    for column in family.columns:
        assert column.vintages, column.head
        assert column.label, column.head
        if column.indicator:
            assert column.indicator in known_indicators, column.head
            for vintage in column.vintages:
                assert (vintage, column.group) in family.periods, (column.head, vintage)
        if column.group in (KEY, NOTE):
            assert not column.indicator
    for vintage in family.vintages:
        written = [c.written(vintage) for c in family.of(vintage)]
        assert len(written) == len(set(written))
        indicators = [c.indicator for c in family.of(vintage) if c.indicator]
        assert len(indicators) == len(set(indicators))
        notes = {p.note for (v, _), p in family.periods.items() if v == vintage and p.note}
        assert notes <= {c.head for c in family.of(vintage) if c.group == NOTE}
