"""Which neighbourhoods, communes and EPCI does a contract hold, from the national files?

Two lists are enough: which commune belongs to which EPCI, and which communes each
neighbourhood lies in (by name, as the Insee files give them). Rule: a neighbourhood belongs to
the EPCI that its file gives (the ANCT list does), else to
that of the commune that its file names first, among those of the department in its
code; when its communes are of several EPCI it *straddles*, and the answer says so, for a
person to settle (the Insee files name communes in alphabetical order).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from terril.catalogue.lists import read_list
from terril.territories.kinds import fold
from terril.territories.territory import Territory

#: proportion of the schematic grid: a little wider than high
_GRID_RATIO: Final = 1.5
_METRO: Final = "France métropolitaine"
_SMALL_WORDS: Final = frozenset(
    ("de", "du", "des", "la", "le", "les", "et", "au", "aux", "à", "en", "sur", "sous", "lès")
)


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of the national list."""

    code: str
    label: str
    epci: str  # SIREN, "" when the file gives none
    epci_label: str


@dataclass(frozen=True, slots=True)
class NationalQpv:
    """A neighbourhood of a national file: its communes by name, in the file's order."""

    code: str
    label: str  # "" in files that give codes only
    communes: tuple[str, ...]
    codes: tuple[str, ...] = ()  # INSEE codes, in files that give them instead of names
    epci: str = ""  # SIREN of the EPCI that runs it, in files that give it: then it decides


@dataclass(frozen=True, slots=True)
class Straddling:
    """A neighbourhood whose communes are of several EPCI. ``kept`` runs it by our rule."""

    qpv: str
    label: str
    kept: str  # SIREN
    others: tuple[str, ...]  # SIREN of the other EPCI
    ours: bool  # is it in the selection?


@dataclass(frozen=True)
class Selection:
    """The territories of one EPCI. ``unknown``: (qpv, commune name) found in no list."""

    epci: str
    label: str
    territories: tuple[Territory, ...]
    straddling: tuple[Straddling, ...]
    unknown: tuple[tuple[str, str], ...]


def department_of(code: str) -> str:
    """Return the department of a neighbourhood code (QP062019, QN06219M → 62)."""
    part = code[2:5]
    return part[1:] if part.startswith("0") else part


def select_epci(epci: str, communes: Sequence[Commune], qpv: Sequence[NationalQpv]) -> Selection:
    """Return the territories of an EPCI: itself, its neighbourhoods, its communes, those
    outside that its neighbourhoods reach (with their EPCI), its department, region, France.

    Raises ``KeyError`` when no commune belongs to that SIREN.
    """
    members = [c for c in communes if c.epci == epci]
    if not members:
        raise KeyError(epci)
    names = _Names(communes)
    kept: list[Territory] = []
    straddling: list[Straddling] = []
    unknown: list[tuple[str, str]] = []
    reached: dict[str, Commune] = {c.code: c for c in members}
    for item in qpv:
        found = names.of(item)
        runs = _runs(item, found)
        if epci not in runs:
            continue
        unknown += [(item.code, name) for name, c in found if c is None]
        ours = runs[0] == epci
        if len(set(runs)) > 1:
            others = tuple(dict.fromkeys(e for e in runs if e != runs[0]))
            straddling.append(Straddling(item.code, item.label, runs[0], others, ours))
        if ours:
            inside = [c for _, c in found if c]
            reached.update({c.code: c for c in inside})
            kept.append(_qpv(item, tuple(c.code for c in inside), epci))
    label = members[0].epci_label or epci
    return Selection(
        epci,
        label,
        (
            *_epci(epci, label, reached.values()),
            *sorted(kept, key=lambda t: t.code),
            *(_commune(c) for c in sorted(reached.values(), key=lambda c: c.code)),
            *_wider(members),
        ),
        tuple(straddling),
        tuple(unknown),
    )


class _Names:
    """Finds the communes of a neighbourhood by their names, which repeat across France."""

    def __init__(self, communes: Sequence[Commune]) -> None:
        self._by_name: dict[str, list[Commune]] = {}
        self._by_code = {commune.code: commune for commune in communes}
        for commune in communes:
            self._by_name.setdefault(fold(commune.label), []).append(commune)

    def of(self, item: NationalQpv) -> list[tuple[str, Commune | None]]:
        """Return each name with its commune: of the department in the code, else, when
        another commune of the neighbourhood is there, the only one of that name."""
        if item.codes:
            return [(code, self._by_code.get(code)) for code in item.codes]
        department = department_of(item.code)
        own = [(name, self._inside(name, department)) for name in item.communes]
        if not any(commune for _, commune in own):
            return own
        return [(name, commune or self._only(name)) for name, commune in own]

    def _inside(self, name: str, department: str) -> Commune | None:
        near = [c for c in self._by_name.get(fold(name), []) if c.code.startswith(department)]
        return near[0] if len(near) == 1 else None

    def _only(self, name: str) -> Commune | None:
        found = self._by_name.get(fold(name), [])
        return found[0] if len(found) == 1 else None


def _runs(item: NationalQpv, found: list[tuple[str, Commune | None]]) -> list[str]:
    """Return the EPCI of a neighbourhood, the one that runs its contract first."""
    told = [item.epci] if item.epci else []
    return told + [c.epci for c in _own_first(item, found) if c.epci]


def _own_first(item: NationalQpv, found: list[tuple[str, Commune | None]]) -> list[Commune]:
    """Return the communes found, those of the department in the code first."""
    department = department_of(item.code)
    known = [c for _, c in found if c]
    return sorted(known, key=lambda c: not c.code.startswith(department))


def _qpv(item: NationalQpv, communes: tuple[str, ...], epci: str) -> Territory:
    label = item.label or item.code
    display = display_name(label)
    return Territory(
        code=item.code,
        kind="qpv",
        label=label,
        short=display if len(display) <= 40 else display[:39].rstrip(" –-") + "…",
        communes=communes,
        epci=epci,
        display=display,
    )


def display_name(label: str) -> str:
    """Return a neighbourhood's name as French writes it, from a file with capitals everywhere.

    Small words lose their capital after the first (« Cité Des Brebis » → « Cité des
    Brebis »), « D'Houdain » becomes « d’Houdain », and spaced hyphens become dashes. A
    person may correct the result in the file of territories.
    """
    text = re.sub(r"\s+-\s+", " – ", " ".join(label.split())).replace("'", "’")
    words = text.split(" ")
    written = [words[0]]
    for before, word in zip(words, words[1:], strict=False):
        starts = before == "–"
        if not starts and word.lower() in _SMALL_WORDS:
            word = word.lower()
        elif not starts and re.match(r"[DL]’", word):
            word = word[0].lower() + word[1:]
        written.append(word)
    return " ".join(written)


def _commune(item: Commune) -> Territory:
    short = item.label if len(item.label) <= 40 else item.label[:39] + "…"
    return Territory(item.code, "commune", item.label, short, epci=item.epci, display=item.label)


def _epci(epci: str, label: str, communes: Iterable[Commune]) -> list[Territory]:
    """Return the EPCI, then those of the communes outside that its neighbourhoods reach."""
    labels: dict[str, str] = {epci: label}
    for commune in communes:
        if commune.epci:
            labels.setdefault(commune.epci, commune.epci_label or commune.epci)
    return [
        Territory(code, "epci", name, _epci_short(name), epci=code, display=name)
        for code, name in labels.items()
    ]


def _epci_short(label: str) -> str:
    """Return the name of an EPCI without its legal form (« CA de Lens - Liévin »)."""
    bare = re.sub(r"^(CA|CC|CU|Métropole|ME)\s+(de la |du |de |des |d['’]|de l['’])?", "", label)
    return bare if len(bare) <= 40 else bare[:39].rstrip(" -,") + "…"


def _wider(members: Sequence[Commune]) -> list[Territory]:
    """Return the departments and regions of the communes, metropolitan France and France."""
    departments = {row["code"]: row for row in read_list("vocabularies/departements.csv")}
    regions = {row["code"]: row["nom"] for row in read_list("vocabularies/regions.csv")}
    codes = Counter(c.code[:3] if c.code.startswith("97") else c.code[:2] for c in members)
    known = [departments[code] for code, _ in codes.most_common() if code in departments]
    return [
        *(Territory(d["code"], "departement", d["nom"], d["nom"], display=d["nom"]) for d in known),
        *(
            Territory(code, "region", regions[code], regions[code], display=regions[code])
            for code in dict.fromkeys(d["region"] for d in known)
        ),
        Territory("FM", "france_metro", _METRO, _METRO, display=_METRO),
        Territory("FR", "france", "France", "France", display="France"),
    ]


def automatic_tiles(codes: Sequence[str]) -> Mapping[str, tuple[int, int]]:
    """Place neighbourhoods on a compact grid in the order of their codes.

    The order is alphabetical, not geographic: a map drawn from it must say so.
    """
    ordered = sorted(codes)
    width = max(1, math.ceil(math.sqrt(len(ordered) * _GRID_RATIO)))
    return {code: (i % width, i // width) for i, code in enumerate(ordered)}


def list_epci(
    communes: Sequence[Commune], qpv: Sequence[NationalQpv]
) -> list[tuple[str, str, int, int]]:
    """Return (SIREN, label, communes, neighbourhoods run) for each EPCI that runs at least
    one neighbourhood, by label."""
    names = _Names(communes)
    members = Counter(c.epci for c in communes if c.epci)
    labels = {c.epci: c.epci_label for c in communes if c.epci}
    runs: Counter[str] = Counter()
    for item in qpv:
        found = _runs(item, names.of(item))
        if found:
            runs[found[0]] += 1
    rows = [(s, labels.get(s, s), members[s], count) for s, count in runs.items()]
    return sorted(rows, key=lambda row: fold(row[1]))
