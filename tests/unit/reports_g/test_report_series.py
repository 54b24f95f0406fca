"""Do the sheets and pages on secrecy, time, size and rules say what the edition holds?"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from report_material import FIGURES, NAMES, FrameSource, material
from series_material import NOTICE, frame, rich

from terril.benchmarks.worsening import WORSENING
from terril.figures.metrics import text_width
from terril.figures.svg import MM
from terril.reports import getting_worse, other_rules, secrets
from terril.reports.controls import write_controls
from terril.reports.lookup import Lookup
from terril.reports.tables import PORTRAIT, write_tables
from terril.reports.theme_sheets import theme_data, write_theme_sheets
from terril.reports.volume import write_volume
from terril.reports.words import NOTICE_SIZE, notice_line, notice_text, subtitle

NEW = ("Secrets", "Ruptures", "Lignes de rupture", "Aggravations", "Sensibilité", "Entonnoir",
       "Tendances", "Correspondance")  # fmt: skip
Rows = list[list[Any]]


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def pages(path: Path) -> list[str]:
    return [plain(page.extract_text()) for page in PdfReader(path).pages]


def book(source: FrameSource, folder: Path) -> dict[str, Rows]:
    [path] = write_controls(source, folder)
    return {
        sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()]
        for sheet in load_workbook(path).worksheets
    }


def table(rows: Rows, first: str) -> list[dict[str, Any]]:
    """The rows under the head whose first cell is ``first``, by the text of the head."""
    at = next(number for number, row in enumerate(rows) if row[0] == first)
    heads = [str(head).replace("\n", " ") for head in rows[at]]
    return [dict(zip(heads, row, strict=True)) for row in rows[at + 1 :] if any(row)]


@pytest.fixture(scope="module")
def controls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    return book(rich(), tmp_path_factory.mktemp("controles"))


# ------------------------------------------------------------------ workbook


def test_the_ledger_names_rule_kind_and_relation_of_each_secret(controls: dict[str, Rows]) -> None:
    held = {row["Indicateur"]: row for row in table(controls["Secrets"], "Thème")}
    assert len(held) == 3
    poverty, income = held["Taux de pauvreté"], held["Revenu médian, par an"]
    parents = held["Familles monoparentales"]
    assert poverty["Secret"] == "secret primaire" and poverty["Pourquoi"] == "Moins de 11 ménages."
    assert poverty["Relation"] is None and poverty["Règle"] == "Onze ménages"
    assert income["Secret"] == "secret secondaire"
    assert income["Relation"] == "par différence\u00a0: les quartiers font le total"
    assert parents["Secret"] == "secret du producteur"
    assert all(row["Territoire"] == "Zola" and row["Ligne"] for row in held.values())


def test_a_figure_of_the_ledger_that_is_not_shown_at_all_is_told_too(tmp_path: Path) -> None:
    source = rich()
    gone = source.retained.filter(
        ~((pl.col("indicator") == "revenus.revenu_median") & (pl.col("status") == "secret"))
    )
    rows = table(book(replace(source, retained=gone), tmp_path)["Secrets"], "Thème")
    assert [row["Secret"] for row in rows].count("secret secondaire") == 1


def test_no_blanked_value_is_in_any_new_sheet(controls: dict[str, Rows]) -> None:
    assert set(NEW) < set(controls)
    for name in NEW:
        for row in controls[name]:
            for value in row:
                assert value not in (47.77, 47.8), name
                assert not re.search(r"47[.,][78]", str(value)), name


def test_breaks_say_how_many_changes_and_on_what_ground(controls: dict[str, Rows]) -> None:
    [nowhere, older, noted] = sorted(
        table(controls["Ruptures"], "Thème"), reverse=True,
        key=lambda row: (str(row["Effet"]), row["Indicateur"] == "Taux d’emploi"),
    )  # fmt: skip
    assert (noted["Effet"], noted["Changements"], noted["De"], noted["À"]) == (
        "annoté", 2, "2013", "2015"
    )  # fmt: skip
    assert noted["Référence"] == "Note du producteur, page 3."
    assert noted["Certitude"] == "texte du producteur"
    for row, taken in ((nowhere, None), (older, 1)):
        assert (row["Effet"], row["Changements"], row["Repris de plus loin"]) == (
            "bloqué", 1, taken
        )  # fmt: skip
        assert row["Ce qu’il faut savoir"] == "Deux millésimes voisins ne se comparent pas."
    assert (older["Indicateur"], older["De"]) == ("Taux de pauvreté", "2013")
    note = plain(str(controls["Ruptures"][2][0]))
    assert note.startswith("4 chiffres ont une période antérieure. Le changement depuis la plus "
                           "proche est bloqué dans 2 cas : dans 1, il est repris")  # fmt: skip
    assert "dans 1, il n’est dit nulle part" in note
    held = {row[0]: row[1] for row in controls["Résumé"] if row[0]}
    assert held["Changements bloqués par une rupture"] == 2
    assert held["… repris depuis une période plus ancienne"] == 1
    [line] = table(controls["Lignes de rupture"], "Thème")
    assert (line["Séries"], line["Sur le trait"]) == (2, "2014\u00a0: autre calcul")


def test_worsening_goes_from_the_most_severe(controls: dict[str, Rows]) -> None:
    rows = table(controls["Aggravations"], "Rang")
    assert [(row["Rang"], row["Quartier"], row["Gravité"]) for row in rows] == [
        (1, "Bellevue", 3.1), (2, NAMES[2], 2.3),
    ]  # fmt: skip
    assert rows[0]["Signal du thème"] == "dans la moyenne" and rows[0]["Tendance"] == "hausse"
    assert rows[0]["Changement"] == 2.3 and rows[1]["Rupture"] == "annoté"
    assert plain(rows[1]["En phrase"]).startswith("Revenu médian, par an : 11 250 €")


def test_sensitivity_has_the_totals_then_each_signal(controls: dict[str, Rows]) -> None:
    note = plain(str(controls["Sensibilité"][2][0]))
    assert note.startswith("1 signal sur 15 changerait avec la moyenne pondérée")
    assert "Aucun des 15 signaux ne changerait si les écarts" in note
    assert "1 indicateur sur 3" in note
    [row] = table(controls["Sensibilité"], "Quartier")
    assert (row["Quartier"], row["Thème"], row["Signal sous l’autre règle"]) == (
        "Bellevue", "Revenus", "en difficulté"
    )  # fmt: skip


def test_only_what_is_beyond_the_limits_is_listed(controls: dict[str, Rows]) -> None:
    [row] = table(controls["Entonnoir"], "Quartier")
    assert row["Quartier"] == "Éluard" and plain(row["Position"]) == "au-delà de 99,8 %"
    assert (row["Numérateur"], row["Valeur"], row["Limite haute 95 %"]) == (861, 41, 37.2)
    assert row["Sens"] == "plus favorable" and row["Règle"] == "loi binomiale, limites exactes"
    assert "1 chiffre sur 2 sort des limites" in plain(str(controls["Entonnoir"][2][0]))


def test_trends_show_the_tested_and_count_the_others(controls: dict[str, Rows]) -> None:
    rows = controls["Tendances"]
    [row] = table(rows, "Quartier")
    assert (row["Quartier"], row["Résultat"], row["Points"], row["Probabilité"]) == (
        "Bellevue", "hausse", 6, 0.0028
    )  # fmt: skip
    texts = [plain(str(row[0])) for row in rows]
    assert "2 séries non testées : 1 point comparable, il en faut 5." in texts
    assert "1 série non testée : 2 points comparables, il en faut 5." in texts


def test_correspondence_is_that_of_the_project(controls: dict[str, Rows]) -> None:
    [row] = table(controls["Correspondance"], "Code de 2015")
    assert (row["Code de 2024"], row["Statut"]) == ("QN06201M", "périmètre modifié")
    assert row["Part de l’ancien, en %"] is None and row["Au plus, en %"] == 100


def test_numbers_are_numbers_and_heads_stay_on_screen(tmp_path: Path) -> None:
    [path] = write_controls(rich(), tmp_path)
    for sheet in load_workbook(path).worksheets:
        if sheet.title not in NEW:
            continue
        lines = [list(row) for row in sheet.iter_rows()]
        at = next(number for number, row in enumerate(lines) if row[1].value is not None)
        assert str(sheet.freeze_panes)[1:] == str(at + 2), sheet.title
        right = [n for n, cell in enumerate(lines[at]) if cell.alignment.horizontal == "right"]
        assert right or sheet.title == "Sensibilité", sheet.title
        assert lines[at + 1 :], sheet.title
        for row in lines[at + 1 :]:
            for column in right:
                value = row[column].value
                assert value is None or isinstance(value, int | float), (sheet.title, value)


def test_the_summary_counts_what_the_new_sheets_hold(controls: dict[str, Rows]) -> None:
    counts = {row[0]: row[1] for row in controls["Résumé"] if row[0]}
    assert counts["Secrets"] == 3
    assert [counts[f"… secret {kind}"] for kind in ("primaire", "secondaire")] == [1, 1]
    assert counts["Changements bloqués par une rupture"] == 2
    assert counts["Changements annotés"] == 2
    assert counts["Chiffres difficiles qui s’aggravent"] == 2
    assert counts["Signaux qui dépendent de la règle"] == 1
    assert counts["Chiffres au-delà des limites de taille"] == 1
    assert counts["Séries dont la tendance est testée"] == 1


def test_empty_frames_are_told_and_have_no_table(tmp_path: Path) -> None:
    sheets = book(material(), tmp_path)
    assert "Correspondance" not in sheets and "Lignes de rupture" not in sheets
    texts = {name: plain(" ".join(str(row[0]) for row in sheets[name])) for name in NEW
             if name in sheets}  # fmt: skip
    assert "Aucun changement ne passe sur une rupture" in texts["Ruptures"]
    assert "Rien n’est à la fois difficile et en aggravation" in texts["Aggravations"]
    assert "Ce contrat n’a aucun signal" in texts["Sensibilité"]
    assert "Aucun chiffre de cette édition n’a de dénominateur connu" in texts["Entonnoir"]
    assert texts["Tendances"].startswith("Séries dont la tendance a été testée")


# ------------------------------------------------------------------ words


def test_a_short_list_says_why_it_is_short() -> None:
    told = plain(getting_worse.reasons(Lookup(rich())))
    assert told.startswith("La liste est courte. 1 série sur 4 a cinq points comparables")
    assert "3 changements peuvent être lus d’une période à l’autre, dont 1 depuis une" in told
    assert "1 autre est bloqué" in told
    assert told.endswith("permettent de voir.")
    none = plain(getting_worse.reasons(Lookup(material())))
    assert none.startswith("Rien n’est à la fois difficile et en aggravation")
    assert "Aucune série n’a cinq points comparables" in none
    assert "Aucun changement d’une période à l’autre ne peut être lu." in none


def test_the_page_groups_by_neighbourhood_and_notes_the_breaks() -> None:
    page = getting_worse.committee_page(Lookup(rich()))
    assert [group["label"] for group in page["groups"]] == ["Bellevue", "Les Hauts du Bassin"]
    [poverty], [income] = (group["rows"] for group in page["groups"])
    assert plain(poverty["value"]) == "52,3 %" and plain(poverty["trend"]) == "hausse, 0,46 par an"
    assert (income["mark"], poverty["mark"]) == ("1", "")
    assert [note["text"] for note in page["notes"]] == ["Le mode de calcul a changé en 2014."]
    assert page["with-trend"] and page["left"] == ""


def test_secrets_are_summed_up_by_rule_and_relation() -> None:
    rows = secrets.summary(Lookup(rich()))
    assert [(row["secret"], row["count"]) for row in rows] == [
        ("secret du producteur", "1"), ("secret primaire", "1"), ("secret secondaire", "1"),
    ]  # fmt: skip
    assert plain(rows[2]["relation"]) == "par différence : les quartiers font le total"
    assert secrets.summary(Lookup(alone())) == []


def test_a_theme_sheet_says_what_worsens_and_what_hangs_on_the_rule() -> None:
    watch = theme_data(Lookup(rich()), "revenus")["watch"]
    assert watch[0] == {
        "head": "Difficile et s’aggrave",
        "text": "Bellevue (taux de pauvreté) et Les Hauts du Bassin (revenu médian, par an).",
    }
    assert plain(watch[1]["text"]) == "1 signal sur 5 changerait (1 avec la moyenne pondérée)."
    heads = [note["head"] for note in theme_data(Lookup(rich()), "emploi")["watch"]]
    assert "Difficile et s’aggrave" not in heads and "Selon la règle" not in heads


def test_a_contract_without_signal_has_no_sentence_of_the_rules() -> None:
    assert other_rules.sentences(Lookup(material())) == []


# ------------------------------------------------------------------ documents


def alone() -> FrameSource:
    return material(NAMES[:1], {("demographie.population", "2015"): [1200]}, contradicted=False)


def crowded() -> FrameSource:
    """Sixty neighbourhoods and more lines than a page holds, of every length of name."""
    names = [f"Quartier de la Grande Résidence numéro {n} – Fosse {n}" for n in range(60)]
    figures = {
        key: [float(next(v for v in values if isinstance(v, int | float))) + n for n in range(60)]
        for key, values in FIGURES.items()
    }
    rows: list[dict[str, object]] = [
        {"territory": f"QP{1 + n % 60:06d}", "rank": n + 1, "indicator": "revenus.taux_pauvrete",
         "value": 50.0, "reference": 40.0, "reference_period": "2010", "trend": "non testé",
         "severity": 9.0 - n / 20, "text": "Taux."}
        for n in range(75)
    ]  # fmt: skip
    table = frame(WORSENING, rows, group="200000001", theme="revenus", period="2015")
    return replace(material(names, figures), worsening=table)


def test_the_volume_tells_what_worsens_the_secrets_and_the_rules(tmp_path: Path) -> None:
    [path] = write_volume(rich(), tmp_path)
    held = pages(path)
    [page] = [text for text in held[2:] if "moyenne des quartiers" in text
              and "chiffre d’avant" in text]  # fmt: skip
    assert page.index("Bellevue") < page.index("Les Hauts du Bassin")
    for said in ("52,3 %", "50,0 %", "11 250 €", "11 900 €", "hausse, 0,46 par an",
                 "Le mode de calcul a changé en 2014."):  # fmt: skip
        assert said in page, said
    whole = " ".join(held)
    for said in (
        "Dans cette édition, 3 chiffres sont secrets",
        "1 l’est pour en protéger un autre",
        "sur 4 changements, 2 sont bloqués (dont 1 repris de plus loin) et 2 portent une réserve",
        "1 série est testée sur 4",
        "1 signal sur 15 changerait avec la moyenne pondérée",
        "Aucune correction n’est faite pour leur nombre",
        "par différence : les quartiers font le total",
    ):
        assert said in whole, said
    assert "47,8" not in whole and "47,77" not in whole
    assert "Édition retirée" not in whole and "retirée" not in whole


@pytest.mark.parametrize("source", [alone, crowded])
def test_the_volume_holds_with_nothing_or_with_too_much(source: Any, tmp_path: Path) -> None:
    [path] = write_volume(source(), tmp_path)
    whole = " ".join(pages(path))
    if source is alone:
        assert "Rien n’est à la fois difficile et en aggravation" in whole
    else:
        assert "49 autres lignes, moins graves" in whole
    for name in write_theme_sheets(source(), tmp_path):
        assert len(PdfReader(name).pages) == 2


def test_a_withdrawn_edition_says_so_on_every_page(tmp_path: Path) -> None:
    source = replace(rich(), notice=NOTICE)
    notice = plain(NOTICE.text)
    [volume] = write_volume(source, tmp_path)
    first, *others = pages(volume)
    assert "Édition retirée" in first and notice in first
    assert len(others) > 5 and all(notice in text for text in others)
    written = [*write_tables(source, tmp_path), *write_theme_sheets(source, tmp_path)]
    assert len(written) > 5
    for path in written:
        assert all(notice in text for text in pages(path)), path.name
    assert subtitle(source).endswith("(retirée)")
    assert plain(str(book(source, tmp_path)["Résumé"][2][0])) == notice


def test_a_long_motive_is_cut_in_the_head_and_whole_on_the_cover(tmp_path: Path) -> None:
    motive = "le producteur a retiré ses effectifs, qui étaient ceux du mois d’avant ; " * 6
    long = replace(NOTICE, motive=motive.strip(" ;"))
    source = replace(rich(), notice=long)
    line = notice_line(source, PORTRAIT * MM)
    assert text_width(line, NOTICE_SIZE, 600) <= 2 * PORTRAIT * MM
    assert "…" in line and line.endswith("Elle est remplacée par l’édition du 15 mars 2021.")
    [volume] = write_volume(source, tmp_path)
    assert plain(notice_text(source)) in pages(volume)[0]
    assert notice_line(rich(), 100) == "" == notice_text(rich())
