"""Is every kind of change between two editions seen, and nothing else?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
from edition_sample import SIREN, content, fiche

from terril.editions.diff import Difference, compare
from terril.editions.open import open_edition
from terril.editions.seal import seal
from terril.fiches.model import Run


def difference(tmp_path: Path, **changes: object) -> Difference:
    first = content()
    seal(tmp_path / "a", first)
    later = replace(first.info, edition="2021-07-01")
    seal(tmp_path / "b", replace(first, info=later, **changes))  # type: ignore[arg-type]
    return compare(open_edition(tmp_path / "a"), open_edition(tmp_path / "b"))


def test_the_same_content_differs_in_nothing(tmp_path: Path) -> None:
    found = difference(tmp_path)
    assert found.same
    assert found.summary() == [
        "De l’édition du 1er juillet 2020 à celle du 1er juillet 2021, rien ne change."
    ]


def test_figures_added_removed_changed_and_blanked(tmp_path: Path) -> None:
    before = content().retained
    first, secret, epci = (before.row(i, named=True) for i in range(3))
    after = pl.DataFrame(
        [
            {**first, "value": 45.0},
            {**secret, "value": 51.3, "status": "ok", "raw": "51,3"},
            {**epci, "period": "2016"},
        ],
        schema=before.schema,
    )
    found = difference(tmp_path, retained=after, statements=content().statements.head(0)).values
    rows = {
        (row["territory"], row["period"]): (
            row["change"], row["before"], row["after"], row["status_before"], row["status_after"],
        )
        for row in found.iter_rows(named=True)
    }  # fmt: skip
    assert rows == {
        ("QP000001", "2015"): ("valeur", 44.1, 45.0, "ok", "ok"),
        ("QP000002", "2015"): ("dévoilé", None, None, "secret", "ok"),
        (SIREN, "2015"): ("retiré", 20.25, None, "ok", None),
        (SIREN, "2016"): ("ajouté", None, 20.25, None, "ok"),
    }


def test_pictograms_texts_and_files(tmp_path: Path) -> None:
    other = replace(fiche(), brief=(Run("Un autre texte."),))
    moved = replace(content().files[0], sha256="ef" * 32)
    found = difference(
        tmp_path,
        signals=content().signals.with_columns(signal=pl.lit("moyen")),
        fiches=(other, fiche("QP000002")),
        files=(moved, content().files[1]),
    )
    assert found.signals.select("territory", "change", "before", "after").rows() == [
        ("QP000001", "changé", "difficile", "moyen")
    ]
    texts = {(row[0], row[1]): row[2:5] for row in found.texts.rows()}
    assert texts["QP000001", "synthèse"] == (
        "changé",
        "La pauvreté y touche 44,1 %",
        "Un autre texte.",
    )
    assert texts["QP000002", "titre"] == ("ajouté", None, "Un quartier pauvre")
    assert found.files.select("document", "change").rows() == [("tableaux", "changé")]
    assert found.summary()[1:] == [
        "chiffres\u00a0: aucun changement",
        "pictogrammes\u00a0: 1 changé",
        "textes des fiches\u00a0: 3 ajoutés, 1 changé",
        "fichiers lus\u00a0: 1 changé",
    ]
