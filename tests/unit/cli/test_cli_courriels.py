"""Do ``terril courriels`` and ``terril rappels`` prepare the base and ask the site?"""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from terril.cli.main import main


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rappels"], "0 rappel écrit."),
        (["courriels"], "0 message envoyé."),
        (["courriels", "--lister"], ""),
    ],
)
def test_a_site_without_anybody_sends_nothing(tmp_path: Path, words: list[str], said: str) -> None:
    out, err = io.StringIO(), io.StringIO()
    place = ["--editions", str(tmp_path / "editions"), "--donnees", str(tmp_path / "site")]
    assert main([*words, *place], out, err) == 0
    assert out.getvalue().strip() == said and not err.getvalue()
    assert (tmp_path / "site" / "terril.sqlite").is_file()
