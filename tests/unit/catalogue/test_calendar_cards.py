"""Is a wrong card of the legal calendar refused, with its file, its line and what to do?"""

from __future__ import annotations

from pathlib import Path

import pytest

from terril.catalogue.load import load_catalogue
from terril.lib.problems import ProblemsError

CARD = """essai:
  label: Essai
  about: Un essai.
  owed_by: Tous
  rule: {rule}
  text: Un texte
  known: T
  since: '2026-01-01'{more}
"""

WRONG = [
    ("{form: fixed_day, month: 2, day: 30}", "", "carte-incoherente"),
    ("{form: once, year: 2027, month: 3}", "", "carte-incoherente"),
    ("{form: after_date, months: 5, table: absent, column: x}", "", "carte-renvoi"),
    ("{form: after_date, months: 5, table: reunions, column: titre}", "", "echeance-colonne"),
    ("{form: after_date, months: 5, table: reunions, column: date, done: x}", "",
     "echeance-colonne"),
    ("{form: before_target, months: 1, target: absente}", "", "carte-renvoi"),
    ("{form: before_target, months: 1, target: renouvellement}", "", "echeance-cible"),
    ("{form: yearly}", "\n  until: '2020-01-01'", "echeance-dates"),
    ("{form: monthly}", "", None),
    ("{form: yearly}", "\n  known_by: X", "carte-cle-inconnue"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "more", "code"), WRONG)
def test_a_wrong_card_is_told(tmp_path: Path, rule: str, more: str, code: str | None) -> None:
    folder = tmp_path / "calendar"
    folder.mkdir()
    (folder / "essai.yaml").write_text(
        CARD.replace("{rule}", rule).replace("{more}", more), encoding="utf-8"
    )
    with pytest.raises(ProblemsError) as caught:
        load_catalogue((tmp_path,))
    problem = caught.value.problems[0]
    assert code is None or problem.code == code
    assert problem.where.file.endswith("calendar/essai.yaml") and problem.where.line


def test_a_site_adds_a_deadline_or_changes_one(tmp_path: Path) -> None:
    folder = tmp_path / "calendar"
    folder.mkdir()
    text = CARD.replace("{rule}", "{form: yearly}").replace("{more}", "")
    (folder / "essai.yaml").write_text(
        text + text.replace("essai:", "rapport_annuel:"), encoding="utf-8"
    )
    catalogue = load_catalogue((tmp_path,))
    assert catalogue.deadlines["essai"].label == catalogue.deadlines["rapport_annuel"].label
    assert len(catalogue.deadlines) == len(load_catalogue().deadlines) + 1
