"""Do the outlines say what territoires.csv says, and in which EPCI is each commune?

A neighbourhood that its outline puts in a commune or an EPCI that is not declared, one that it
does not put where it is declared, one that straddles: each is told with its share of surface.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from terril.catalogue.lists import read_list
from terril.lib.french import avec_unite, liste, nombre
from terril.lib.problems import ProblemList, Severity
from terril.territories.geometry import Layer
from terril.territories.geometry_columns import plain
from terril.territories.geometry_straddle import holders, overlaps
from terril.territories.geometry_tell import Teller
from terril.territories.kinds import fold, is_code
from terril.territories.registry import Territories

_FINE: Final = "\u202f"
Key = tuple[str, str]

#: natures of which two outlines should not lie on each other
_APART: Final = ("qpv", "commune", "epci", "iris")


# ------------------------------------------------------------------ which commune is in which EPCI


def epci_of_communes(
    territories: Territories, communes: Layer | None, epci: Layer | None, problems: ProblemList
) -> dict[str, str]:
    """Return Insee code → SIREN: as territoires.csv says, else the file of communes.

    Else the EPCI whose outline holds the middle of the commune. A commune that two of these put in
    two EPCI is told.
    """
    declared = {t.code: t.epci for t in territories.of_kind("commune") if t.epci}
    written = _written(communes)
    placed = holders(communes, epci) if communes is not None and epci is not None else {}
    tell = Teller(communes.file if communes else "", "", problems)
    for code, siren in declared.items():
        for told, where in ((written, "le fichier des communes"), (placed, "les contours d’EPCI")):
            if told.get(code, siren) != siren:
                tell.say(
                    "epci-commune",
                    f"La commune {code} est de l’EPCI {siren} dans territoires.csv, de "
                    f"{told[code]} d’après {where}.",
                    remedy="territoires.csv l’emporte ; corrigez-le si la commune a changé d’EPCI.",
                )
    tell.end()
    return {**placed, **written, **declared}


def _written(communes: Layer | None) -> dict[str, str]:
    """Return the EPCI that the file of communes gives in one of its columns."""
    if communes is None or not communes.attributes.width:
        return {}
    known = [plain(r["nom"]) for r in read_list("columns/contours.csv") if r["role"] == "epci"]
    heads = {plain(head): head for head in reversed(communes.attributes.columns)}
    for name in known:
        if name in heads:
            values = communes.attributes[heads[name]].cast(pl.String)
            pairs = zip(communes.codes, values, strict=True)
            return {code: siren for code, siren in pairs if siren and is_code("epci", siren)}
    return {}


# ------------------------------------------------------------------ what territoires.csv says


def check_places(
    kept: Mapping[Key, Layer],
    shares: pl.DataFrame,
    territories: Territories,
    belongs: Mapping[str, str],
    least: float,
    strip: float,
    problems: ProblemList,
) -> None:
    """Tell where outlines and territoires.csv disagree, and which neighbourhoods straddle.

    ``shares``: columns of ``STRADDLES``; ``belongs``: Insee code → SIREN.
    """
    for key, layer in kept.items():
        tell = Teller(layer.file, "", problems)
        if key[0] in _APART:
            for one, two, area, share in overlaps(layer, least=least, strip=strip).rows():
                tell.say(
                    "contours-superposes",
                    f"{one} et {two} se recouvrent sur {avec_unite(area / 1e4, 1, 'ha')} "
                    f"({_percent(share)} du plus petit).",
                    "des contours qui se touchent sans se recouvrir.",
                    "Vérifiez ces deux contours.",
                )
        _check_names(layer, territories, tell)
        if key[0] == "qpv" and not shares.is_empty():
            rows = shares.filter(pl.col("generation") == layer.generation)
            for code, label in zip(layer.codes, layer.labels, strict=True):
                _check_one(code, label, rows.filter(qpv=code), territories, least, tell)
        tell.end()


def _check_names(layer: Layer, territories: Territories, tell: Teller) -> None:
    kind = layer.nature
    for code, label in zip(layer.codes, layer.labels, strict=True):
        item = territories.by_code(kind, code) if kind in ("qpv", "commune", "epci") else None
        if item is None or not label:
            continue
        known = {fold(n) for n in (item.label, item.display, item.short, *item.aliases) if n}
        if fold(label) not in known and territories.resolve(kind, label) not in (None, code):
            other = territories.resolve(kind, label)
            tell.say(
                "nom-contour",
                f"{code} s’appelle « {label} » dans le fichier, nom que territoires.csv donne à "
                f"{other}.",
                f"« {item.display or item.label} ».",
                "Vérifiez que les contours ne sont pas échangés.",
            )


def _check_one(
    code: str,
    label: str,
    rows: pl.DataFrame,
    territories: Territories,
    least: float,
    tell: Teller,
) -> None:
    item = territories.by_code("qpv", code)
    name = f"{code} {item.display or item.label}" if item else f"{code} {label}".strip()
    communes = {c: (s, n) for c, s, n in _of_kind(rows, "commune")}
    epci = {c: (s, n) for c, s, n in _of_kind(rows, "epci")}
    if (outside := communes.get("")) and outside[0] >= least:
        tell.say(
            "quartier-hors-communes",
            f"{name} est pour {_percent(outside[0])} de sa surface hors des communes du fichier.",
            "des communes qui couvrent tous les quartiers.",
            "Déclarez aussi les communes du département voisin, ou vérifiez le contour.",
        )
    if item is not None:
        _check_declared(name, item.communes, communes, item.line, territories, tell)
        declared = [s for s in dict.fromkeys((*territories.epci_of_communes(code), item.epci)) if s]
        _check_epci(name, declared, item.epci, epci, item.line, territories, tell)
    across = [(s, c) for c, (s, negligible) in epci.items() if c and not negligible]
    if len(across) > 1:
        parts = [f"{_percent(s)} dans {_epci(c, territories)}" for s, c in across]
        tell.say(
            "quartier-a-cheval",
            f"{name} est à cheval sur {len(across)} intercommunalités : {liste(parts)}.",
            severity=Severity.NOTE,
        )


def _of_kind(rows: pl.DataFrame, kind: str) -> list[tuple[str, float, bool]]:
    return rows.filter(kind=kind).select("code", "share", "negligible").rows()


def _check_declared(
    name: str,
    declared: tuple[str, ...],
    met: Mapping[str, tuple[float, bool]],
    line: int | None,
    territories: Territories,
    tell: Teller,
) -> None:
    for commune in declared:
        if commune not in met:
            tell.say(
                "commune-non-touchee",
                f"{name} est déclaré à {_commune(commune, territories)}, que son contour ne touche "
                "pas.",
                "des communes que le quartier touche.",
                f"Corrigez « communes »{_at(line)}, ou vérifiez le contour.",
            )
    for commune, (share, negligible) in met.items():
        if commune and not negligible and commune not in declared:
            tell.say(
                "commune-non-declaree",
                f"{name} est pour {_percent(share)} de sa surface à "
                f"{_commune(commune, territories)}, qui n’est pas dans ses communes.",
                "toutes les communes du quartier.",
                f"Complétez « communes »{_at(line)}, ou vérifiez le contour.",
            )


def _check_epci(
    name: str,
    declared: list[str],
    leader: str,
    met: Mapping[str, tuple[float, bool]],
    line: int | None,
    territories: Territories,
    tell: Teller,
) -> None:
    if leader and met and leader not in met:
        tell.say(
            "epci-non-touche",
            f"{name} relève de {_epci(leader, territories)}, que son contour ne touche pas.",
            "un quartier dans l’intercommunalité qui porte son contrat.",
            f"Corrigez « epci »{_at(line)}, ou vérifiez le contour.",
        )
    for siren, (share, negligible) in met.items():
        if siren and not negligible and siren not in declared:
            tell.say(
                "epci-non-declare",
                f"{name} est pour {_percent(share)} de sa surface dans "
                f"{_epci(siren, territories)}, dont aucune de ses communes déclarées n’est.",
                "toutes les communes du quartier.",
                f"Complétez « communes »{_at(line)}, ou vérifiez le contour.",
            )


def _at(line: int | None) -> str:
    return f" à la ligne {line} de territoires.csv" if line else " dans territoires.csv"


def _percent(share: float) -> str:
    return f"{nombre(100 * share, 1)}{_FINE}%"


def _commune(code: str, territories: Territories) -> str:
    item = territories.by_code("commune", code)
    return f"{item.display or item.label} ({code})" if item else code


def _epci(siren: str, territories: Territories) -> str:
    item = territories.by_code("epci", siren)
    return f"{item.short or item.label} ({siren})" if item else siren
