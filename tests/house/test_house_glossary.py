"""Does the glossary hold the French words that name things in the code?

A word of a name is held to be French when the French texts of the project (guide, cards,
messages) use it and its English texts (docstrings, Python's manual, polars) do not.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from inspected import ROOT, modules

#: English words that our French texts happen to hold, and our docstrings not
ENGLISH = {
    *(
        "ball",
        "briefcase",
        "certainty",
        "coin",
        "gables",
        "geo",
        "headless",
        "icon",
        "minima",
        "mortarboard",
        "phrases",
        "polarity",
        "shop",
    ),
}
_FRENCH_LETTERS = re.compile(r"[éèàêçùâîôû’«]")
_QUOTED = re.compile(r"«.*?»|``.*?``|\*.*?\*", re.DOTALL)


def fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in plain if not unicodedata.combining(c))


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", fold(text)))


@lru_cache(maxsize=1)
def names() -> dict[str, set[str]]:
    """Return word → modules, over the names of modules, classes and functions."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in modules():
        path = Path(module.name).with_suffix("")
        held = set(path.parts[2:])
        held |= {
            node.name
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ClassDef | ast.FunctionDef)
        }
        for name in held:
            for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name):
                found[word.lower()].add(module.name)
    return found


@lru_cache(maxsize=1)
def french() -> set[str]:
    texts = [path.read_text("utf-8") for path in (ROOT / "docs" / "guide").glob("*.md")]
    texts += [path.read_text("utf-8") for path in (ROOT / "src").rglob("*.yaml")]
    for module in modules():
        texts += [str(n.value) for n in module.literals() if _FRENCH_LETTERS.search(str(n.value))]
    return words(" ".join(texts))


@lru_cache(maxsize=1)
def english() -> set[str]:
    from pydoc_data import topics

    import polars

    texts = list(topics.topics.values())
    texts += [p.read_text("utf-8") for p in Path(polars.__file__).parent.rglob("*.py")]
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                texts.append(_QUOTED.sub(" ", ast.get_docstring(node) or ""))
    return words(" ".join(texts))


@lru_cache(maxsize=1)
def glossary() -> set[str]:
    return set(re.findall(r"`([a-z]+)`", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")))


def test_the_glossary_holds_every_french_name() -> None:
    assert len(names()) > 400 and len(french()) > 1000 and len(english()) > 2000
    suspects = {word for word in names() if word in french() and word not in english()}
    assert len(suspects) > 15, "the search for French words no longer finds any"
    absent = {word: sorted(names()[word])[:2] for word in suspects - glossary() - ENGLISH}
    assert not absent, f"add them to GLOSSARY.md, or to ENGLISH if they are: {absent}"


def test_the_words_of_the_field_are_held_by_name() -> None:
    """These are so common in our English texts that the search above lets them pass."""
    field = {"qpv", "epci", "commune", "communes", "fiche", "fiches", "iris", "insee"}
    assert field <= glossary()


def test_no_form_of_the_glossary_is_gone() -> None:
    code = "\n".join(module.text for module in modules())
    held = glossary() - {"ordinal"}
    assert len(held) > 50
    gone = {word for word in held if not re.search(rf"(?<![a-z]){word}(?![a-z])", code)}
    assert not gone, gone
