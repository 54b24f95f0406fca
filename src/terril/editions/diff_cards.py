"""Which cards of the catalogue changed: the method, or only its words?

« Ce n’est pas le chiffre qui change, c’est la méthode »: a threshold, a formula, a rule of
secrecy changed between two editions must be told before any figure. A field of a card is
held to be method unless it is known to be words alone, so that a field added to the cards
one day is never taken lightly.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

from terril.catalogue.cards import KINDS, CardKind, Catalogue

METHOD: Final = "méthode"
WORDING: Final = "mots"
CARD: Final = "carte"  # a whole card, added or removed

#: one row a field of a card that differs, or a card added or removed
CARDS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "field_kind": pl.String,  # field of the catalogue: indicators, parameters…
    "kind": pl.String,  # French, with its article
    "code": pl.String,
    "label": pl.String,
    "field": pl.String,  # "" for a whole card
    "nature": pl.String,  # METHOD | WORDING | CARD
    "change": pl.String,  # ajouté | retiré | changé
    "before": pl.String,
    "after": pl.String,
}

#: fields that are read by people only
_WORDS: Final = frozenset(
    {
        *("label", "short", "table", "question", "caution", "phrase", "acronyms", "meaning"),
        *("treatment", "licence", "producer", "note", "reference", "since", "order", "icon"),
        *("licence_url", "eu"),
        *("article", "head", "symbol", "singular", "plural", "gender", "gap", "gap_plural"),
        *("on_sheet", "lead", "sentences"),
    }
)
#: kinds whose cards hold words only, or the layout of a document
_WORD_KINDS: Final = frozenset({"acronyms", "natures", "tables", "units"})


def card_changes(before: Catalogue, after: Catalogue) -> pl.DataFrame:
    """Return the differences between two catalogues, columns :data:`CARDS`.

    In the order of the kinds, then of the codes and the fields.
    """
    rows = [row for kind in KINDS for row in _kind(kind, before, after)]
    return pl.DataFrame(rows, schema=CARDS, orient="row")


def method_indicators(cards: pl.DataFrame, before: Catalogue, after: Catalogue) -> set[str]:
    """Return the indicators whose figures may change by the method alone.

    Those whose own card changed, whose rule of secrecy changed, and all that is computed
    from them.
    """
    changed = cards.filter(pl.col("nature") != WORDING)
    own = set(changed.filter(pl.col("field_kind") == "indicators")["code"].to_list())
    rules = set(changed.filter(pl.col("field_kind") == "secrecy")["code"].to_list())
    for catalogue in (before, after):
        own |= {code for code, card in catalogue.indicators.items() if card.secrecy in rules}
    for derived, terms in formula_terms(before, after).items():
        if terms & own:
            own.add(derived)
    return own


def formula_terms(*catalogues: Catalogue) -> dict[str, set[str]]:
    """Return what each derived indicator is computed from, at any depth, in any catalogue."""
    direct: dict[str, set[str]] = {}
    for catalogue in catalogues:
        for code, card in catalogue.indicators.items():
            if card.formula is not None:
                direct.setdefault(code, set()).update(card.formula.terms)
    found: dict[str, set[str]] = {}
    for code in direct:
        held: set[str] = set()
        waiting = list(direct[code])
        while waiting:
            term = waiting.pop()
            if term not in held:
                held.add(term)
                waiting += direct.get(term, ())
        found[code] = held
    return found


def _kind(kind: CardKind, before: Catalogue, after: Catalogue) -> Iterable[tuple[str, ...]]:
    sides: list[Mapping[str, Any]] = [getattr(one, kind.field) for one in (before, after)]
    for code in sorted({*sides[0], *sides[1]}):
        first, second = (side.get(code) for side in sides)
        if first == second:
            continue
        held = second if second is not None else first
        head = (kind.field, kind.noun, code, str(getattr(held, "label", "") or ""))
        if first is None or second is None:
            change = "ajouté" if first is None else "retiré"
            yield (*head, "", CARD, change, "", "")
            continue
        old, new = (_plain(kind, card) for card in (first, second))
        for field in sorted({*old, *new}):
            if old.get(field) != new.get(field):
                words = kind.field in _WORD_KINDS or field in _WORDS
                yield (
                    *head, field, WORDING if words else METHOD, "changé",
                    shown(old.get(field)), shown(new.get(field)),
                )  # fmt: skip


def _plain(kind: CardKind, card: object) -> dict[str, Any]:
    data = kind.adapter().dump_python(card, mode="json")
    return data if isinstance(data, dict) else {"texte": data}


def shown(value: object) -> str:
    """Return the content of a field as people read it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return f"{value:.12g}".replace(".", ",")
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return " · ".join(shown(item) for item in value)
    return json.dumps(value, ensure_ascii=False)
