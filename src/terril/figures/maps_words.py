"""What does a map say to somebody who does not see it?"""

from __future__ import annotations

from typing import Final

from terril.figures.maps_model import SheetMap
from terril.lib.french import FINE, NBSP, compte, liste

_LISTED: Final = 6


def sheet_words(data: SheetMap) -> str:
    """Communes, surroundings, places inside and around, other neighbourhoods, estates."""
    parts = [f"Carte du quartier {data.name}, nord en haut."]
    own = [area.label for area in data.communes if area.own]
    if own:
        noun = "commune" if len(own) == 1 else "communes"
        parts.append(f"{noun.capitalize()}{NBSP}: {liste(own)}.")
    if data.surroundings:
        widths = liste([f"{s.distance}{FINE}m" for s in data.surroundings])
        parts.append(f"Abords à {widths}, en tirets.")
    names = {symbol.code: symbol for symbol in data.symbols}
    for inside, where in ((True, "Dans le quartier"), (False, "Dans les abords")):
        held = [s for s in data.spots if s.inside is inside and s.symbol in names]
        named = [s.label for s in held if s.label and names[s.symbol].named]
        if held:
            text = compte(len(held), "lieu", "lieux")
            listed = f", dont {liste(named[:_LISTED])}" if named else ""
            parts.append(f"{where}{NBSP}: {text}{listed}.")
    if data.quarters:
        others = [area.label for area in data.quarters][:_LISTED]
        parts.append(f"Autres quartiers prioritaires{NBSP}: {liste(others)}.")
    for kind in dict.fromkeys(area.kind for area in data.estates):
        parts.append(f"Hachures{NBSP}: {kind}.")
    if data.before and data.before_label:
        parts.append(f"En pointillés{NBSP}: {data.before_label}.")
    return " ".join(parts)
