"""How do the local offer and the inventory of equipment become tables?

Neighbourhoods in rows for the offer and its families; types in rows and neighbourhoods in
columns for the inventory, by blocks that a page can hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from terril.figures.metrics import text_width, wrap
from terril.figures.svg import MM
from terril.lib.french import FINE, NBSP, liste
from terril.lib.prose import typographie
from terril.reports.equipment_grid import (
    AT_LEAST,
    NOT_NAMED,
    UNREADABLE,
    Count,
    Inventory,
    inventory,
    offer_rows,
)
from terril.reports.lookup import Lookup, Place
from terril.reports.table_notes import count_text, note, note_groups
from terril.reports.words import communes_text, ends

LANDSCAPE: Final = 263.0
_HEAD_WIDTH: Final = 32.0  # mm, of a name turned upright
_HEADS: Final = 21  # neighbourhoods side by side in the inventory


def equipment_parts(lookup: Lookup) -> list[dict[str, Any]]:
    """The local offer, then the inventory by blocks of neighbourhoods."""
    parts = []
    labels, rows = offer_rows(lookup)
    if rows:
        parts.append(_offer_part(lookup, labels, rows))
    held = inventory(lookup)
    if held.categories:
        parts += _inventory_parts(lookup, held)
    return parts


def _equipment_icon(lookup: Lookup) -> str:
    for card in lookup.catalogue.themes.values():
        if card.signal == "offer":
            return card.icon
    return ""


def _counts(count: Count) -> list[str | int]:
    if not count.named:
        return [NOT_NAMED]
    return [_short(count.text("inside")), _short(count.text("around"))]


def _short(value: str | int) -> str | int:
    return "?" if value == UNREADABLE else value


def _offer_part(lookup: Lookup, labels: Sequence[str], rows: Sequence[Any]) -> dict[str, Any]:
    width = 62.0
    marks: list[str] = []
    lines = []
    for row in rows:
        left = (width - 2) * MM - text_width(row.place.short, 8.4, 600) - 1.8 * MM
        mark = []
        if row.depends:
            marks.append(f"{row.place.short}{NBSP}: {row.why}" if row.why else row.place.short)
            mark = [str(len(marks))]
        lines.append(
            {
                "label": row.place.short,
                "detail": communes_text(row.place, left, 7.2),
                "signal": row.signal,
                "word": row.word,
                "marks": mark,
                "counts": [_counts(count) for count in row.families],
            }
        )
    notes = [
        {"mark": str(number), "head": "", "text": ends(text)}
        for number, text in enumerate(marks, 1)
    ]
    return {
        "kind": "offer",
        "title": "L’offre locale des quartiers",
        "icon": _equipment_icon(lookup),
        "subtitle": f"{count_text(lookup)} · constat, sans calcul",
        "legend": [],
        "label-width": width,
        "families": list(labels),
        "rows": lines,
        "notes": note_groups(
            [
                ("Les classes de l’offre", _class_notes(lookup)),
                ("Lire le tableau", _count_notes()[:2]),
                ("La classe en dépend", notes),
            ]
        ),
    }


def _class_notes(lookup: Lookup) -> list[dict[str, str]]:
    families = sorted(lookup.catalogue.families.values(), key=lambda card: card.order)
    needed = [card.plural for card in families if card.role == "indispensable"]
    more = [card.plural for card in families if card.role == "complement"]
    if not needed:
        return []
    return [
        note("Indispensable", f"{liste(needed)}, présents dans le quartier ou ses abords"),
        *([note("Développée", f"la même, avec {liste(more, 'ou')}")] if more else []),
        note("Limitée", "l’une au moins de ces familles. La variété compte, pas la quantité"),
    ]


def _count_notes() -> list[dict[str, str]]:
    return [
        note("?", "nombre inconnu, et non zéro : illisible ou absent des sources"),
        note(AT_LEAST, "au moins : une partie est inconnue"),
        note(NOT_NAMED, "type que l’inventaire du quartier ne cite pas"),
    ]


def _blocks(places: Sequence[Place]) -> list[range]:
    """Blocks of neighbourhoods of nearly equal size, at most 21 each."""
    total = len(places)
    count = -(-total // _HEADS)
    edges = [round(total * number / count) for number in range(count + 1)]
    return [range(start, end) for start, end in zip(edges, edges[1:], strict=False)]


def _inventory_parts(lookup: Lookup, held: Inventory) -> list[dict[str, Any]]:
    parts = []
    blocks = _blocks(held.places)
    for number, block in enumerate(blocks, 1):
        heads = [
            {
                "lines": wrap(held.places[i].short, _HEAD_WIDTH * MM, 7.4, 600),
                "buffer": f"{held.buffers[i]}{FINE}m" if held.buffers[i] is not None else "",
            }
            for i in block
        ]
        tallest = max(text_width(line, 7.4, 600) for head in heads for line in head["lines"])
        each = min(10.0, (LANDSCAPE - 52) / len(heads))
        label = LANDSCAPE - each * len(heads) if len(heads) > 14 else 62.0
        rest = f" ({number} sur {len(blocks)})" if len(blocks) > 1 else ""
        parts.append(
            {
                "kind": "inventory",
                "title": f"L’inventaire des équipements{rest}",
                "icon": _equipment_icon(lookup),
                "subtitle": "en gras dans le quartier, à droite dans ses abords",
                "legend": [],
                "label-width": label,
                "column-width": each,
                "head-height": round(tallest / MM + 0.6, 2),
                "heads": heads,
                "categories": [
                    {
                        "label": typographie(category.label),
                        "rows": [
                            {
                                "label": typographie(row.label),
                                "lines": len(wrap(row.label, (label - 3) * MM, 7.4)),
                                "counts": [_counts(row.counts[i]) for i in block],
                            }
                            for row in category.rows
                        ],
                    }
                    for category in held.categories
                ],
                "notes": _inventory_notes(held),
            }
        )
    return parts


def _inventory_notes(held: Inventory) -> list[dict[str, Any]]:
    names = liste([place.short for place in held.without])
    without = [note("", names)] if names else []
    read = [note for note in _count_notes() if note["head"] != AT_LEAST]
    return note_groups([("Lire le tableau", read), ("Sans inventaire", without)])
