"""Does ``terril compte`` prepare the base and ask the site?"""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import terril


def test_accounts_are_opened_and_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TERRIL_DONNEES", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.delenv(name, raising=False)
    place = ("--editions", tmp_path / "editions", "--donnees", tmp_path / "site")
    code, out, err = terril("compte", "creer", "ana@exemple.fr", "--analyste", *place)
    assert code == 0, err
    assert "montré une seule fois" in out
    code, out, err = terril("compte", "lister", *place)
    assert (code, out) == (0, "ana@exemple.fr\tanalyste\touvert\tmot de passe seul\n"), err
    code, out, err = terril("compte", "creer", "ana@exemple.fr", *place)
    assert code == 1 and "existe déjà" in err and out == ""
