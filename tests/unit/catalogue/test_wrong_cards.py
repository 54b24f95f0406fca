"""Does a wrong card stop the load with its file, its line and what to do?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from terril.catalogue.load import load_catalogue
from terril.lib.problems import Problem, ProblemsError

GOOD = """\
part_essai:
  label: Part d’essai
  short: Part d’essai
  question: Quelle part ?
  unit: pourcent
  decimals: 1
  polarity: neutre
  nature: part
  source: caf
  period: l’année citée
  secrecy: caf
  aggregation: moyenne
  phrase:
    subject: la part d’essai
    gender: f
"""


def problems_of(folder: Path, *files: tuple[str, str]) -> list[Problem]:
    """Load a project folder with these files, and return what was wrong."""
    for name, text in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        load_catalogue([folder])
    return caught.value.problems


def changed(old: str, new: str) -> str:
    """Return the good card with one line changed."""
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


def fiche(rows: str) -> str:
    """Return a sheet model with one block."""
    return (
        "autre:\n  label: Autre\n  population: demographie.population\n  blocks:\n"
        f"  - theme: emploi\n    {rows}\n"
    )


@dataclass
class Wrong:
    """A wrong file and what must be said of it."""

    name: str
    text: str
    code: str
    line: int | None
    says: str  # in what was found or expected
    remedy: str
    file: str = "indicators/emploi.yaml"


WRONG = [
    Wrong("key", GOOD + "  polarite: neutre\n", "carte-cle-inconnue", 16, "« polarite »",
          "« polarity »"),
    Wrong("key-inside", GOOD + "    genre: f\n", "carte-cle-inconnue", 16, "« phrase.genre »",
          "« gender »"),
    Wrong("missing", changed("  unit: pourcent\n", ""), "carte-champ-manquant", 1,
          "« unit » manque", "« unit: … »"),
    Wrong("missing-inside", changed("    gender: f\n", ""), "carte-champ-manquant", 13,
          "« phrase.gender » manque", "« gender: … »"),
    Wrong("choice", changed("polarity: neutre", "polarity: neutral"), "carte-choix", 7,
          "« favorable », « defavorable » ou « neutre »", "le plus proche est « neutre »"),
    Wrong("number-as-text", changed("decimals: 1", "decimals: un"), "carte-type", 6,
          "un nombre entier", "en chiffres"),
    Wrong("text-as-number", changed("short: Part d’essai", "short: 2015"), "carte-type", 3,
          "un texte", "guillemets"),
    Wrong("comma", GOOD + "  minimum: 0,5\n", "carte-type", 16, "un nombre", "0.5 et non 0,5"),
    Wrong("bound", changed("decimals: 1", "decimals: 9"), "carte-borne", 6, "au plus 4",
          "corrigez le nombre"),
    Wrong("short", changed("short: Part d’essai", f"short: {'x' * 35}"), "carte-trop-long", 3,
          "34 caractères au plus", "raccourcissez"),
    Wrong("table", GOOD + f"  table: {'x' * 32}\n", "carte-trop-long", 16, "31 caractères au plus",
          "raccourcissez"),
    Wrong("empty", changed("question: Quelle part ?", "question: ''"), "carte-vide", 4, "est vide",
          "complétez"),
    Wrong("list", GOOD + "  acronyms: CAF\n", "carte-type", 16, "une liste", "corrigez"),
    Wrong("group", changed("    subject: la part d’essai\n    gender: f\n", "    la part\n"),
          "carte-type", 13, "un groupe de clés", "corrigez"),
    Wrong("not-a-card", "part_essai: 3\n", "carte-type", 1, "un groupe de clés", "corrigez"),
    Wrong("half-fraction", GOOD + "    verb_plural: vivent\n", "carte-incoherente", 13,
          "vont ensemble", "complétez"),
    Wrong("code", changed("part_essai:", "Part-essai:"), "carte-code", 1, "« Part-essai »",
          "renommez"),
    Wrong("twice", GOOD + "  unit: euro\n", "carte-cle-double", 16, "déjà ligne 5",
          "gardez l’une"),
    Wrong("two-cards", GOOD + GOOD, "carte-cle-double", 16, "déjà ligne 1", "gardez l’une"),
    Wrong("tab", "part_essai:\n\tlabel: x\n", "carte-yaml", 2, "YAML", "corrigez cette ligne"),
    Wrong("colon", changed("label: Part d’essai", "label: Part : d’essai"), "carte-yaml", 2,
          "deux points", "guillemets"),
    Wrong("bracket", GOOD + "  acronyms: [CAF\n", "carte-yaml", 17, "liste", "corrigez"),
    Wrong("list-file", "- part_essai\n", "carte-yaml", 1, "ne commence pas par une clé",
          "« code: »"),
    Wrong("tag", changed("decimals: 1", "decimals: !!python/name:os.getcwd x"), "carte-yaml", 6,
          "étiquette", "supprimez"),
    Wrong("blank", "# rien\n", "carte-fichier-vide", 1, "aucune carte", "complétez"),
    Wrong("unit", changed("unit: pourcent", "unit: pourcents"), "carte-renvoi", 5,
          "cite l’unité « pourcents »", "« pourcent »"),
    Wrong("source", changed("source: caf", "source: cafe"), "carte-renvoi", 9,
          "cite la source « cafe »", "« caf »"),
    Wrong("secrecy", changed("secrecy: caf", "secrecy: cafe"), "carte-renvoi", 11,
          "cite la règle de secret « cafe »", "« caf »"),
    Wrong("weight", GOOD + "  weight: demographie.nb_menage\n", "carte-renvoi", 16,
          "« demographie.nb_menage »", "« demographie.nb_menages »"),
    Wrong("acronym", GOOD + "  acronyms: [QQV]\n", "carte-renvoi", 16, "le sigle « QQV »",
          "vocabularies/acronyms.yaml"),
    Wrong("theme", GOOD, "carte-renvoi", 1, "cite le thème « emplois »", "« emploi »",
          file="indicators/emplois.yaml"),
    Wrong("term",
          GOOD + "  formula:\n    form: ratio\n    terms: [emploi.nb_defm_abc, emploi.nb_x]\n",
          "carte-renvoi", 18, "« emploi.nb_x »", "écrivez la carte"),
    Wrong("term-count", GOOD + "  formula:\n    form: ratio\n    terms: [emploi.nb_defm_abc]\n",
          "carte-incoherente", 16, "deux termes", "complétez"),
    Wrong("circle", GOOD + "  formula: {form: complement, terms: [emploi.part_essai]}\n",
          "formule-circulaire", 16, "emploi.part_essai → emploi.part_essai", "retirez la formule"),
    Wrong("base",
          GOOD + "  formula: {form: index_of_ratios, terms: [emploi.part_rsa_defm], "
          "directions: [direct]}\n", "formule-base", 16, "quel territoire vaut 100", "base"),
    Wrong("naming", changed("part_essai:", "essai_part:"), "charte-nom", 1,
          "un nom qui commence par « part »", "vocabularies/natures.yaml"),
    Wrong("weight-kind", GOOD + "  weight: emploi.part_rsa_defm\n", "poids-non-sommable", 16,
          "ne se somme pas", "un effectif"),
    Wrong("weight-vain",
          changed("aggregation: moyenne", "aggregation: aucune") + "  weight: emploi.nb_defm_abc\n",
          "poids-inutile", 16, "n’est pas une moyenne", "retirez le poids"),
    Wrong("pictogram", changed("polarity: neutre", "polarity: favorable") + "  pictogram: true\n",
          "pictogramme-invisible", 16, "d’aucune fiche", "ajoutez-le au bloc"),
    Wrong("pictogram-neutral", GOOD + "  pictogram: true\n", "pictogramme-neutre", 7,
          "quel sens est favorable", "donnez un sens"),
    Wrong("range", GOOD + "  minimum: 10\n  maximum: 5\n", "bornes-inversees", 16, "de 10 à 5",
          "corrigez les deux bornes"),
    Wrong("relation", "x:\n  label: x\n  parts: [emploi.nb_defm_abc, emploi.nb_defm_a]\n",
          "carte-incoherente", 1, "soit total, soit constant", "complétez",
          file="relations/r.yaml"),
    Wrong("relation-part",
          "x:\n  label: x\n  constant: 100\n  parts:\n  - emploi.nb_defm_abc\n  - emploi.nb_zzz\n",
          "carte-renvoi", 6, "« emploi.nb_zzz »", "écrivez la carte", file="relations/r.yaml"),
    Wrong("column", "x: {label: x, theme: emploi, columns: [emploi.nb_zzz]}\n", "carte-renvoi", 1,
          "le tableau « x » cite l’indicateur", "écrivez la carte", file="tables/t.yaml"),
    Wrong("equipment", "Café: {category: Commerce, range: cafes}\n", "carte-renvoi", 1,
          "cite la famille d’équipements « cafes »", "vocabularies/families.yaml",
          file="vocabularies/equipment.yaml"),
    Wrong("parameter", "seuil: {value: beaucoup, unit: x, since: '2020', reference: x}\n",
          "carte-type", 1, "un nombre", "point", file="parameters/p.yaml"),
    Wrong("acronym-text", "ABC: [a]\n", "carte-type", 1, "un texte", "guillemets",
          file="vocabularies/acronyms.yaml"),
    Wrong("nature", "poids: {label: Poids, openings: {poids: x}}\n", "charte-nature", 1,
          "n’est pas une nature", "« autre »", file="vocabularies/natures.yaml"),
    Wrong("phrase-part", GOOD + "    parts: [emploi.nb_zzz]\n", "carte-renvoi", 16,
          "« emploi.nb_zzz »", "écrivez la carte"),
    Wrong("term-twice",
          GOOD + "  formula: {form: sum, terms: [emploi.nb_defm_a, emploi.nb_defm_a]}\n",
          "formule-terme-double", 16, "deux fois le même terme", "corrigez la liste"),
    Wrong("signal", fiche("signal: [emploi.taux_chomage_rp]"), "signal-sans-pictogramme", 6,
          "« emploi.taux_chomage_rp »", "corrigez la carte ou retirez la ligne",
          file="fiches/f.yaml"),
    Wrong("other-theme", fiche("rows: [sante.part_ald]"), "fiche-theme", 6, "bloc « emploi »",
          "déplacez", file="fiches/f.yaml"),
    Wrong("row-twice", fiche("rows: [emploi.part_rsa_defm, emploi.part_rsa_defm]"),
          "fiche-ligne-double", 6, "cité deux fois", "supprimez la répétition",
          file="fiches/f.yaml"),
    Wrong("stray", GOOD, "catalogue-place", None, "aucune place connue", "« indicators/ »",
          file="indicateurs/emploi.yaml"),
    Wrong("stray-vocabulary", "x: {}\n", "catalogue-place", None, "aucune place connue",
          "« vocabularies/units.yaml »", file="vocabularies/unites.yaml"),
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=[wrong.name for wrong in WRONG])
def test_a_wrong_card_is_told_with_file_line_and_remedy(wrong: Wrong, tmp_path: Path) -> None:
    found = problems_of(tmp_path, (wrong.file, wrong.text))
    mine = [problem for problem in found if problem.code == wrong.code]
    assert mine, [str(problem) for problem in found]
    problem = mine[0]
    assert problem.where.file.endswith(wrong.file)
    assert problem.where.line == wrong.line
    assert wrong.says.lower() in f"{problem.what} {problem.expected}".lower()
    assert wrong.remedy in problem.remedy


def test_a_good_card_is_added_and_a_card_of_the_same_code_replaces(tmp_path: Path) -> None:
    folder = tmp_path / "indicators"
    folder.mkdir()
    (folder / "emploi.yaml").write_text(
        GOOD
        + GOOD.replace("part_essai", "part_rsa_defm").replace("neutre", "defavorable")
        + "  pictogram: true\n",
        encoding="utf-8",
    )
    own, extended = load_catalogue(), load_catalogue([tmp_path])
    assert set(extended.indicators) - set(own.indicators) == {"emploi.part_essai"}
    assert extended.indicators["emploi.part_rsa_defm"].label == "Part d’essai"
    assert own.indicators["emploi.part_rsa_defm"].label != "Part d’essai"


def test_a_folder_of_a_theme_gathers_several_files(tmp_path: Path) -> None:
    folder = tmp_path / "indicators" / "emploi"
    folder.mkdir(parents=True)
    (folder / "un.yaml").write_text(GOOD, encoding="utf-8")
    (folder / "deux.yaml").write_text(GOOD.replace("part_essai", "part_autre"), encoding="utf-8")
    loaded = load_catalogue([tmp_path]).indicators
    assert "emploi.part_essai" in loaded and "emploi.part_autre" in loaded


def test_one_code_in_two_files_of_a_folder_is_refused(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path, ("indicators/emploi/un.yaml", GOOD), ("indicators/emploi/deux.yaml", GOOD)
    )
    assert [problem.code for problem in found] == ["carte-double"]
    assert "emploi/deux.yaml, ligne 1" in found[0].what
    assert found[0].where.file.endswith("emploi/un.yaml")


def test_all_problems_of_all_files_come_together(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path,
        ("indicators/emploi.yaml", changed("decimals: 1", "decimals: un")),
        ("indicators/sante.yaml", GOOD.replace("unit: pourcent", "unit: pct")),
        ("sources/locale.yaml", "locale:\n  label: x\n"),
        ("tables/t.yaml", "x:\n\ty: z\n"),
    )
    files = {Path(problem.where.file).name for problem in found}
    assert files == {"emploi.yaml", "sante.yaml", "locale.yaml", "t.yaml"}
    missing = [problem.what for problem in found if problem.where.file.endswith("locale.yaml")]
    assert len(missing) == 4  # short, producer, meaning, secrecy: not only the first


def test_a_wrong_card_is_not_also_told_as_absent(tmp_path: Path) -> None:
    other = GOOD.replace("part_essai", "part_autre").replace("moyenne", "moyenne") + (
        "  formula: {form: complement, terms: [emploi.part_essai]}\n"
    )
    found = problems_of(
        tmp_path, ("indicators/emploi.yaml", changed("decimals: 1", "decimals: un") + other)
    )
    assert [problem.code for problem in found] == ["carte-type"]


def test_old_yaml_traps_stay_text(tmp_path: Path) -> None:
    folder = tmp_path / "vocabularies"
    folder.mkdir()
    (folder / "acronyms.yaml").write_text(
        dedent("""\
            NON: non
            JOUR: 2018-12-31
            HEURE: 12:30:45
        """),
        encoding="utf-8",
    )
    acronyms = load_catalogue([tmp_path]).acronyms
    assert (acronyms["NON"], acronyms["JOUR"], acronyms["HEURE"]) == (
        "non",
        "2018-12-31",
        "12:30:45",
    )


def test_wrong_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "indicators"
    folder.mkdir()
    (folder / "emploi.yaml").write_bytes(GOOD.replace("’", "'").encode() + "# é\n".encode("cp1252"))
    with pytest.raises(ProblemsError) as caught:
        load_catalogue([tmp_path])
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.line) == ("carte-encodage", 16)
    assert "UTF-8" in problem.remedy


def test_an_absent_folder_is_told(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path / "rien")
    assert problem.code == "catalogue-absent"


def test_columns_have_their_own_reader(tmp_path: Path) -> None:
    (tmp_path / "columns").mkdir()
    (tmp_path / "columns" / "appel.yaml").write_text("x: 1\n", encoding="utf-8")
    assert load_catalogue([tmp_path]).indicators


def test_a_short_label_too_wide_for_page_2_is_told(tmp_path: Path) -> None:
    wide = changed("short: Part d’essai", f"short: {'x' * 33}")
    found = problems_of(
        tmp_path,
        ("indicators/emploi.yaml", wide),
        ("fiches/f.yaml", fiche("rows: [emploi.part_essai]")),
    )
    assert [(p.code, p.where.line) for p in found] == [("fiche-libelle-long", 3)]
    assert "« table »" in found[0].remedy
