"""Which files of outlines are beside their place?

Two layers that share borders are compared (``geometry_shift``); the one that is beside its
place is told by the datum that was forgotten, else by which of the two agrees with a third.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from terril.catalogue.load import Catalogue
from terril.lib.french import a, avec_unite, majuscule
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.sources.outlines_layers import SHIFTS
from terril.territories.geometry import Layer
from terril.territories.geometry_shift import ALIGNED, SHIFTED, UNKNOWN, Shift, find_shift

Key = tuple[str, str]

#: layers whose place may be checked, those most trusted first
_TRUST: Final = ("commune", "epci", "iris", "qpv", "cite")


def named(layer: Layer) -> str:
    """Return « les quartiers de 2015 (qpv.gpkg) »."""
    words = {
        "qpv": "les quartiers",
        "commune": "les communes",
        "epci": "les intercommunalités",
        "iris": "les IRIS",
        "cite": "les cités",
        "carreau": "les carreaux",
        "emprise": "les emprises",
    }[layer.nature]
    year = f" de {layer.generation}" if layer.generation else ""
    return f"{words}{year} ({layer.file})"


# ------------------------------------------------------------------ files beside their place


def check_shifts(
    layers: Iterable[Layer],
    catalogue: Catalogue,
    problems: ProblemList,
    accepted: set[Key],
) -> tuple[pl.DataFrame, set[Key]]:
    """Compare the layers; return what was measured (``SHIFTS``) and the layers to refuse.

    ``accepted``: layers that the project keeps although they are beside their place.
    """
    by_key = {(layer.nature, layer.generation): layer for layer in layers}
    keys = sorted(
        (key for key in by_key if key[0] in _TRUST), key=lambda k: (_TRUST.index(k[0]), k[1])
    )
    found = {
        (key, other): find_shift(
            by_key[key],
            by_key[other],
            reach=catalogue.number("perimetre_decalage_rayon"),
            least=catalogue.number("perimetre_decalage_seuil"),
            clear=catalogue.number("perimetre_decalage_nettete"),
            blur=catalogue.number("perimetre_decalage_trait"),
        )
        for other, key in _pairs(keys)
    }
    beside = _culprits(found)
    for key, (other, shift) in beside.items():
        _tell_shift(by_key[key], by_key[other], shift, key in accepted, problems)
    for key in keys:
        mine = [shift for pair, shift in found.items() if key in pair]
        if mine and key[0] == "qpv" and all(shift.verdict == UNKNOWN for shift in mine):
            problems.add(
                Problem(
                    "position-non-verifiee",
                    Where(by_key[key].file),
                    "La place de ces contours n’a pas pu être vérifiée : ils partagent trop peu "
                    "de limites avec les autres fichiers.",
                    remedy="Regardez-les sur un fond de plan.",
                    severity=Severity.NOTE,
                )
            )
    rows = [
        {
            "nature": key[0],
            "generation": key[1],
            "reference": other[0],
            "reference_generation": other[1],
            "verdict": shift.verdict,
            "metres": round(shift.metres, 1),
            "east": round(shift.east, 1),
            "north": round(shift.north, 1),
            "clear": round(shift.clear, 1),
            "cause": shift.cause.label if shift.cause else "",
        }
        for (key, other), shift in found.items()
    ]
    return pl.DataFrame(rows, schema=SHIFTS), set(beside) - accepted


def _pairs(keys: list[Key]) -> list[tuple[Key, Key]]:
    """Return (reference, layer): each with the communes, the generations with each other."""
    communes = [key for key in keys if key[0] == "commune"]
    qpv = [key for key in keys if key[0] == "qpv"]
    pairs = [(other, key) for other in communes for key in keys if key != other]
    pairs += [(a, b) for i, a in enumerate(qpv) for b in qpv[i + 1 :]]
    if not communes:
        pairs += [(a, b) for a in qpv for b in keys if b[0] not in ("qpv", "commune")]
    return pairs


def _culprits(found: Mapping[tuple[Key, Key], Shift]) -> dict[Key, tuple[Key, Shift]]:
    """Return the layers beside their place: which → (the other, where it lies from it)."""
    right: dict[Key, int] = {}
    for pair, shift in found.items():
        if shift.verdict == ALIGNED:
            for key in pair:
                right[key] = right.get(key, 0) + 1
    beside: dict[Key, tuple[Key, Shift]] = {}
    for (key, other), shift in found.items():
        if shift.verdict != SHIFTED:
            continue
        if shift.cause is not None:
            wrong_is_other = shift.cause.of_reference
        else:
            wrong_is_other = right.get(key, 0) > right.get(other, 0)
        if wrong_is_other:
            mirrored = Shift(
                SHIFTED, -shift.east, -shift.north, shift.clear, shift.clear_here, shift.cause
            )
            beside.setdefault(other, (key, mirrored))
        else:
            beside.setdefault(key, (other, shift))
    return beside


def _tell_shift(
    layer: Layer, other: Layer, shift: Shift, accepted: bool, problems: ProblemList
) -> None:
    what = (
        f"{majuscule(named(layer).split(' (')[0])} sont décalés d’environ "
        f"{avec_unite(shift.metres, 0, 'm')} vers {shift.towards} par rapport {a(named(other))}"
    )
    if layer.nature in ("commune", "epci", "cite", "emprise"):
        what = what.replace("sont décalés", "sont décalées")
    if shift.cause:
        what += (
            f" : c’est l’écart entre les repères {shift.cause.label} et WGS84, donc une conversion "
            "faite sans en tenir compte."
        )
        remedy = (
            f"Reprenez le fichier d’origine ({shift.cause.origin_label}) et déclarez "
            f'crs = "{shift.cause.origin}" : la conversion est faite ici.'
        )
    else:
        what += "."
        remedy = "Reprenez le fichier du producteur et vérifiez son système de coordonnées."
    problems.add(
        Problem(
            "contours-decales",
            Where(layer.file),
            what,
            "les mêmes limites aux mêmes places.",
            "Le fichier est gardé comme le projet le demande."
            if accepted
            else f'{remedy} Pour le garder tel quel : decalage = "garder".',
            Severity.WARNING if accepted else Severity.ERROR,
        )
    )
