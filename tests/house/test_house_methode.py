"""Is the public method made of what the tests check, and of all of it?"""

from __future__ import annotations

import pytest
from inspected import ROOT

from methode import PAGES, SHIPPED, SPEC, methode_of, modules, pages, parametrized, tables_of_tests


def test_every_table_of_the_tests_has_its_page_up_to_date() -> None:
    held = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    assert len(held) > 8
    assert set(held) == set(pages()), "run: make methode"
    for name, content in pages().items():
        assert held[name] == content, f"docs/methode/{name}: run make methode"


def test_the_site_ships_the_same_pages() -> None:
    shipped = {path.name: path.read_text(encoding="utf-8") for path in SHIPPED.glob("*.md")}
    assert shipped == pages(), "run: make methode"


def test_every_module_of_the_spec_makes_a_page() -> None:
    assert len(modules()) == len(list(SPEC.glob("test_*.py"))) > 8
    orders = [methode_of(module).order for module in modules()]
    assert len(set(orders)) == len(orders), "two pages at one place"


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__)
def test_a_page_shows_the_tables_that_its_tests_run_over(module: object) -> None:
    assert hasattr(module, "METHODE")
    shown = {table.name for table in methode_of(module).tables}  # type: ignore[arg-type]
    assert shown <= tables_of_tests(module), "a table that no test uses"  # type: ignore[arg-type]
    assert parametrized(module) <= shown, "a table of the tests without its page"  # type: ignore[arg-type]


def test_the_pages_are_french_and_whole() -> None:
    for name, content in pages().items():
        assert content.startswith("# ") and "None" not in content and "True" not in content, name
        assert "’" in content or name == "index.md", name
        assert str(ROOT) not in content
