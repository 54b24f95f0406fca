"""An invented department: communes, streets and numbers in the format of the address base.

Everything comes from a seed: names of communes and of people are made of syllables, streets are
segments with a number every twelve metres on each side, neighbourhoods are squares that cut some
of them. ``noisy`` writes an address as people write it.
"""

from __future__ import annotations

import math
import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import shapely

from terril.territories.geometry import Layer, as_shapes, reproject

HEAD = (
    "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;"
    "code_insee_ancienne_commune;nom_ancienne_commune;x;y;lon;lat;type_position;alias;nom_ld;"
    "libelle_acheminement;nom_afnor;source_position;source_nom_voie;certification_commune;"
    "cad_parcelles"
)
_TYPES = (
    ["Rue"] * 60 + ["Avenue"] * 8 + ["Impasse"] * 9 + ["Allée"] * 8 + ["Chemin"] * 5
    + ["Place"] * 4 + ["Boulevard"] * 4 + ["Résidence"] * 4 + ["Cité"] * 3 + ["Route"] * 2
)  # fmt: skip
_SHORT = {
    "Rue": "r.", "Avenue": "av", "Impasse": "imp", "Allée": "all.", "Chemin": "chem.",
    "Place": "pl.", "Boulevard": "bd", "Résidence": "rés.", "Route": "rte",
    "Général": "Gal", "Docteur": "Dr", "Maréchal": "Mal", "Président": "Pdt",
    "Saint": "St", "Sainte": "Ste", "Commandant": "Cdt",
}  # fmt: skip
_THINGS = [
    "de l’Église", "du Moulin", "des Lilas", "de la Gare", "des Écoles", "de la Fontaine",
    "des Prés", "du Marais", "des Tilleuls", "de la Mairie", "du Stade", "des Acacias",
    "de la Paix", "des Jardins", "du Bois", "de la République", "des Peupliers", "du Château",
    "de la Liberté", "des Mineurs", "de la Fosse 5", "du Pont", "de la Chapelle", "des Roses",
    "du Calvaire", "des Violettes", "de l’Abbaye", "du Canal", "des Hirondelles", "de Paris",
    "du 8 Mai 1945", "du 11 Novembre", "du 19 Mars 1962", "du 4 Septembre", "des Trois Pierres",
    "de la Cité 9", "de la Cité 12", "Neuve", "Haute", "Basse", "des Œillets", "de l’Égalité",
    "Saint-Éloi", "Sainte-Barbe", "Saint-Aubin", "Notre-Dame", "des Moulins", "de la Forge",
]  # fmt: skip
_FIRST = ["Jean", "Marie", "Paul", "Louis", "Pierre", "Anne", "Émile", "Léon", "Jules", "Rosa"]
_TITLES = ["Général", "Docteur", "Maréchal", "Président", "Commandant", "Abbé"]
_SYLLABLES = [
    "ba", "bel", "bor", "cam", "cha", "cor", "dal", "dou", "fer", "gal", "gri", "lan", "leu",
    "mar", "mon", "nor", "pel", "per", "rou", "sar", "tel", "ter", "val", "ver", "vil", "zel",
]  # fmt: skip
_ENDS = ["court", "mont", "ville", "gny", "chy", "vin", "court", "ssart", "lieu", "quin"]
_POSITIONS = ["entrée"] * 60 + ["segment"] * 15 + ["parcelle"] * 15 + ["bâtiment"] * 10


@dataclass(frozen=True)
class Home:
    """One address: what the base says of it, and the neighbourhood its door is in ("" outside).

    ``x`` and ``y`` are where the base places it, which is not quite where the door is.
    """

    number: int
    suffix: str
    street: str
    postcode: str
    insee: str
    commune: str
    x: float
    y: float
    zone: str


@dataclass
class World:
    """Homes, the streets left out of the base, and the outlines."""

    homes: list[Home]
    absent: list[Home]  # real addresses that the base does not hold
    layer: Layer
    rows: list[str] = field(default_factory=list)
    postcodes: dict[str, list[str]] = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        """Write the base as its producer does."""
        path.write_text("\n".join([HEAD, *self.rows]) + "\n", encoding="utf-8")
        return path


def _word(rng: random.Random, least: int = 2, most: int = 3) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(least, most)))


def _street_names(rng: random.Random, count: int) -> list[str]:
    names: dict[str, None] = {}
    while len(names) < count:
        kind = rng.choice(_TYPES)
        draw = rng.random()
        if draw < 0.5 and len(names) < 2 * len(_THINGS):
            name = f"{kind} {rng.choice(_THINGS)}"
        elif draw < 0.9:
            name = f"{kind} {rng.choice(_FIRST)} {_word(rng).capitalize()}"
        else:
            name = f"{kind} du {rng.choice(_TITLES)} {_word(rng).capitalize()}"
        names[name] = None
    return list(names)


def world(
    seed: int = 1, communes: int = 8, streets: int = 40, absent: float = 0.03, spread: int = 4000
) -> World:
    """Make a department: ``communes`` of about ``streets`` streets; ``absent``: share left out."""
    rng = random.Random(seed)
    names: dict[str, None] = {}
    while len(names) < communes:
        name = _word(rng, 1, 2) + rng.choice(_ENDS)
        names[rng.choice(["", "", "", "Saint-"]) + name.capitalize()] = None
    zones: list[tuple[str, shapely.Polygon]] = []
    side = math.ceil(math.sqrt(communes))
    made = World([], [], layer_of([]))
    communes_of = list(names)
    if communes > 5:
        communes_of[-1] = communes_of[0]  # two communes of one name, far apart
    for rank, commune in enumerate(communes_of):
        insee = f"62{rank + 1:03d}"
        postcode = f"62{(rank // 3) * 10 % 1000:03d}"
        made.postcodes.setdefault(postcode, []).append(commune)
        cx = 650_000.0 + spread * (rank % side)
        cy = 7_000_000.0 + spread * (rank // side)
        squares = []
        for _ in range(rng.choice([0, 1, 1, 2])):
            angle = rng.uniform(0, math.pi)
            half = rng.uniform(120, 320)
            x, y = cx + rng.uniform(-700, 700), cy + rng.uniform(-700, 700)
            corners = [
                (x + half * math.cos(angle + k * math.pi / 2) * math.sqrt(2),
                 y + half * math.sin(angle + k * math.pi / 2) * math.sqrt(2))
                for k in range(4)
            ]  # fmt: skip
            square = shapely.Polygon(corners)
            if any(square.intersects(other) for _, other in zones):
                continue
            zones.append((f"QP062{len(zones) + 1:03d}", square))
            squares.append(zones[-1])
        for street in _street_names(rng, max(3, int(rng.gauss(streets, streets / 4)))):
            kept = rng.random() >= absent
            for home, position in _along(rng, street, postcode, insee, commune, cx, cy, squares):
                if kept:
                    made.homes.append(home)
                    made.rows.append(_row(home, position, len(made.rows)))
                else:
                    made.absent.append(home)
    made.layer = layer_of(zones)
    return made


def layer_of(zones: list[tuple[str, shapely.Polygon]]) -> Layer:
    """The outlines as a layer, from codes and shapes."""
    codes = tuple(code for code, _ in zones)
    shapes = as_shapes(shape for _, shape in zones)
    labels = tuple(f"Quartier {code[-2:]}" for code in codes)
    return Layer("qpv", "2015", 2154, codes, labels, shapes, pl.DataFrame(), "essai.gpkg", "0" * 64)


def _along(
    rng: random.Random,
    street: str,
    postcode: str,
    insee: str,
    commune: str,
    cx: float,
    cy: float,
    squares: list[tuple[str, shapely.Polygon]],
) -> Iterator[tuple[Home, str]]:
    """Yield the homes of a street laid at random around the centre of the commune."""
    angle = rng.uniform(0, math.pi)
    pairs = rng.randint(3, 35)
    dx, dy = math.cos(angle), math.sin(angle)
    x0, y0 = cx + rng.uniform(-900, 900), cy + rng.uniform(-900, 900)
    position = rng.choice(_POSITIONS)
    for rank in range(pairs):
        for odd in (1, 0):
            number = 2 * rank + (1 if odd else 2)
            if rng.random() < 0.08:
                continue  # a number that does not exist
            across = 9.0 if odd else -9.0
            x = x0 + 12 * rank * dx - across * dy
            y = y0 + 12 * rank * dy + across * dx
            if position == "segment":
                seen = (x0 + 12 * rank * dx, y0 + 12 * rank * dy)
            else:
                seen = (x + _error(rng, position), y + _error(rng, position))
            suffixes = ["", "bis"] if rng.random() < 0.04 else [""]
            for suffix in suffixes:
                zone = next((c for c, s in squares if s.covers(shapely.Point(x, y))), "")
                yield (
                    Home(number, suffix, street, postcode, insee, commune, round(seen[0], 2),
                         round(seen[1], 2), zone),
                    position,
                )  # fmt: skip


def _error(rng: random.Random, position: str) -> float:
    """How far the base places a home from its door, on each axis, metres."""
    return rng.uniform(-1, 1) * {"entrée": 3.0, "bâtiment": 6.0, "parcelle": 9.0}[position]


def _row(home: Home, position: str, rank: int) -> str:
    lon, lat = _degrees(home.x, home.y)
    plain = unaccented(home.street).upper().replace("’", " ").replace("-", " ")
    return ";".join(
        [
            f"{home.insee}_{rank:04d}", "", str(home.number), home.suffix, home.street,
            home.postcode, home.insee, home.commune, "", "", f"{home.x:.2f}", f"{home.y:.2f}",
            f"{lon:.6f}", f"{lat:.6f}", position, "", "", unaccented(home.commune).upper(),
            plain, "commune", "commune", "1", "",
        ]
    )  # fmt: skip


def _degrees(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude near the middle of the map (good to some metres: x and y are used)."""
    return 3 + (x - 700_000) / 75_000, 46.5 + (y - 6_600_000) / 111_000


def degrees(homes: list[Home]) -> list[tuple[float, float]]:
    """Exact longitude and latitude of homes."""
    xy = reproject(pl.DataFrame([(h.x, h.y) for h in homes], orient="row").to_numpy(), 2154, 4326)
    return [(float(lon), float(lat)) for lon, lat in xy]


def unaccented(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def written(home: Home) -> str:
    """The address as it should be written."""
    number = f"{home.number} {home.suffix}".strip()
    return f"{number} {home.street}, {home.postcode} {home.commune}"


def noisy(rng: random.Random, home: Home, strength: float = 0.35) -> str:
    """The address as somebody may write it; ``strength``: how likely each fault is."""

    def chance(factor: float = 1.0) -> bool:
        return rng.random() < strength * factor

    number = str(home.number) + (rng.choice([" ", ""]) + home.suffix if home.suffix else "")
    street, commune, postcode = home.street, home.commune, home.postcode
    if home.suffix == "bis" and chance():
        number = f"{home.number}{rng.choice(['B', ' b', ' Bis', 'BIS'])}"
    if chance():
        street = " ".join(_SHORT.get(word, word) for word in street.split())
    if chance(0.5):
        kept = [w for w in street.split() if w.lower() not in ("de", "du", "des", "la")]
        street = " ".join(kept)
    if chance(0.3):  # « rue Zola »
        words = street.split()
        if len(words) == 3 and words[1] in _FIRST:
            street = f"{words[0]} {rng.choice([words[1][0], words[1][0] + '.', ''])} {words[2]}"
    if chance(0.6):
        street = typo(rng, street)
    if chance(0.2):
        commune = typo(rng, commune)
    if chance():
        street, commune = unaccented(street), unaccented(commune)
    if chance():
        street, commune = street.upper(), commune.upper()
    elif chance():
        street, commune = street.lower(), commune.lower()
    street = street.replace("’", rng.choice(["'", "’", " "]))
    commune = commune.replace("-", rng.choice(["-", " "]))
    if commune.lower().startswith("saint") and chance():
        commune = "St" + commune[5:]
    if chance(0.15):
        postcode = ""
    if chance(0.1):
        postcode = f"62{rng.randint(900, 998)}" if "EDEX" in commune else postcode
    if chance(0.2):
        number = ""
    before = f"{number}{rng.choice([' ', ', ', '  '])}{street}" if number else street
    if number and chance(0.1):
        before = f"{street}{rng.choice([' ', ', ', ' n°'])}{number}"
    if chance(0.4):
        extra = rng.choice(
            ["appt 3", "Bât B", "Résidence du Parc", "2ème étage", "chez M. Durandal", "Esc. C"]
        )
        before = rng.choice([f"{extra}, {before}", f"{before}, {extra}", f"{before} {extra}"])
    end = rng.choice([f"{postcode} {commune}", f"{postcode} {commune}", f"{commune} {postcode}"])
    return f"{before}{rng.choice([' ', ', ', ' - ', chr(10)])}{end}".strip()


def typo(rng: random.Random, text: str) -> str:
    """One letter dropped, doubled, changed or swapped with the next, in a word of four or more."""
    words = text.split(" ")
    long = [rank for rank, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    if not long:
        return text
    rank = rng.choice(long)
    word = words[rank]
    at = rng.randint(1, len(word) - 2)
    words[rank] = rng.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + rng.choice("aeiourstn") + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )
    return " ".join(words)
