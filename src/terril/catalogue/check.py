"""Do the cards agree with one another?

Runs at each load, after each card was validated alone: every code that a card cites must
have a card, codes follow the naming charter, formulas do not turn in circles, and what the
sheets show exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from terril.catalogue.cards import KINDS, Catalogue
from terril.catalogue.check_calendar import calendar_citations, calendar_rules
from terril.catalogue.check_registers import register_citations, register_rules
from terril.catalogue.check_works import works
from terril.catalogue.lists import read_list
from terril.catalogue.messages import listed, nearest
from terril.catalogue.nodes import Document, Path_
from terril.catalogue.schema import Aggregation, Nature, Polarity
from terril.lib.problems import Problem, Where

#: widest label of a row of page 2, in characters (design notes, tables)
TABLE_WIDTH = 31

_NOUNS = {kind.field: kind.noun for kind in KINDS}
_PLACES = {kind.field: kind.place for kind in KINDS}


@dataclass(slots=True)
class Places:
    """Where the cards are written, and which codes exist, wrong cards included."""

    known: dict[str, frozenset[str]] = field(default_factory=dict)
    cards: dict[tuple[str, str], tuple[Document, Path_]] = field(default_factory=dict)

    def where(self, kind: str, code: str, path: Path_ = ()) -> Where:
        """Return the place of a part of a card."""
        if (kind, code) not in self.cards:
            return Where()
        document, start = self.cards[kind, code]
        return document.where((*start, *path))


def check(catalogue: Catalogue, places: Places) -> list[Problem]:
    """Return all disagreements between cards, in the order of the rules below."""
    rules: tuple[Callable[[Catalogue, Places], Iterator[Problem]], ...] = (
        _references,
        _naming,
        _formulas,
        _weights,
        _pictograms,
        _ranges,
        _blocks,
        _breaks,
        works,
        register_rules,
        calendar_rules,
    )
    return [problem for rule in rules for problem in rule(catalogue, places)]


def _cited(places: Places, at: tuple[str, str, Path_], kind: str, cited: str) -> Iterator[Problem]:
    """Yield a problem when ``cited`` has no card of ``kind``; ``at`` is who cites it."""
    known = places.known[kind]
    if cited in known:
        return
    near = nearest(cited, known)
    remedy = f"corrigez le code ou écrivez la carte dans {_PLACES[kind]}"
    yield Problem(
        "carte-renvoi",
        places.where(*at),
        f"{_NOUNS[at[0]].capitalize()} « {at[1]} » cite {_NOUNS[kind]} « {cited} », "
        "qui n’a pas de carte.",
        "un code qui a une carte.",
        f"{remedy}{' ; ' + near if near else ''}.",
    )


def _citations(catalogue: Catalogue) -> Iterator[tuple[tuple[str, str, Path_], str, str]]:
    """Yield (place, kind, code) for every code that a card cites."""
    for code, card in catalogue.indicators.items():
        yield ("indicators", code, ()), "themes", catalogue.theme_of(code)
        yield ("indicators", code, ("unit",)), "units", card.unit
        yield ("indicators", code, ("source",)), "sources", card.source
        yield ("indicators", code, ("secrecy",)), "secrecy", card.secrecy
        if card.weight is not None:
            yield ("indicators", code, ("weight",)), "indicators", card.weight
        if card.formula is not None:
            for rank, term in enumerate(card.formula.terms):
                yield ("indicators", code, ("formula", "terms", rank)), "indicators", term
        for rank, part in enumerate(card.phrase.parts):
            yield ("indicators", code, ("phrase", "parts", rank)), "indicators", part
        for rank, acronym in enumerate(card.acronyms):
            yield ("indicators", code, ("acronyms", rank)), "acronyms", acronym
    for code, source in catalogue.sources.items():
        yield ("sources", code, ("secrecy",)), "secrecy", source.secrecy
    for code, relation in catalogue.relations.items():
        for rank, part in enumerate(relation.parts):
            yield ("relations", code, ("parts", rank)), "indicators", part
        if relation.total is not None:
            yield ("relations", code, ("total",)), "indicators", relation.total
    for code, fiche in catalogue.fiches.items():
        yield ("fiches", code, ("population",)), "indicators", fiche.population
        if fiche.population_share is not None:
            yield ("fiches", code, ("population_share",)), "indicators", fiche.population_share
        for rank, block in enumerate(fiche.blocks):
            yield ("fiches", code, ("blocks", rank, "theme")), "themes", block.theme
            for part in ("signal", "rows", "sentences"):
                for row, cited in enumerate(getattr(block, part)):
                    yield ("fiches", code, ("blocks", rank, part, row)), "indicators", cited
    for code, table in catalogue.tables.items():
        yield ("tables", code, ("theme",)), "themes", table.theme
        for rank, cited in enumerate(table.columns):
            yield ("tables", code, ("columns", rank)), "indicators", cited
    for code, broken in catalogue.breaks.items():
        for part in ("sources", "replaced", "by"):
            kind = "sources" if part == "sources" else "indicators"
            for rank, cited in enumerate(getattr(broken, part)):
                yield ("breaks", code, (part, rank)), kind, cited
    for code, equipment in catalogue.equipment.items():
        yield ("equipment", code, ("range",)), "families", equipment.range
    for code, symbol in catalogue.symbols.items():
        for rank, cited in enumerate(symbol.types):
            yield ("symbols", code, ("types", rank)), "equipment", cited
        for rank, cited in enumerate(symbol.families):
            yield ("symbols", code, ("families", rank)), "families", cited
    for code, plate in catalogue.plates.items():
        yield ("plates", code, ("theme",)), "themes", plate.theme
        for rank, cited in enumerate(plate.indicators):
            yield ("plates", code, ("indicators", rank)), "indicators", cited
    for code, mode in catalogue.modes.items():
        yield ("modes", code, ("radius",)), "parameters", mode.radius
        if mode.headway is not None:
            yield ("modes", code, ("headway",)), "parameters", mode.headway
    for code, work in catalogue.works.items():
        yield ("works", code, ("source",)), "sources", work.source
        if work.secrecy is not None:
            yield ("works", code, ("secrecy",)), "secrecy", work.secrecy
        for rank, measure in enumerate(work.measures):
            yield ("works", code, ("measures", rank, "indicator")), "indicators", measure.indicator
    yield from register_citations(catalogue)
    yield from calendar_citations(catalogue)


def _references(catalogue: Catalogue, places: Places) -> Iterator[Problem]:
    """Every code that a card cites has a card."""
    for at, kind, cited in _citations(catalogue):
        yield from _cited(places, at, kind, cited)


def _naming(catalogue: Catalogue, places: Places) -> Iterator[Problem]:
    """The second part of a code opens with a word that its nature admits."""
    for nature in catalogue.natures:
        if nature not in {item.value for item in Nature}:
            yield Problem(
                "charte-nature",
                places.where("natures", nature),
                f"« {nature} » n’est pas une nature.",
                f"{listed(item.value for item in Nature)}.",
                "rangez ces mots sous la nature « autre ».",
            )
    for code, card in catalogue.indicators.items():
        name = code.partition(".")[2]
        nature = card.nature.value
        if nature not in catalogue.natures:
            if nature not in places.known["natures"]:
                yield Problem(
                    "charte-nature",
                    places.where("indicators", code, ("nature",)),
                    f"La nature « {nature} » n’a pas de mots d’ouverture.",
                    f"une carte « {nature} » dans {_PLACES['natures']}.",
                    "écrivez cette carte.",
                )
            continue
        openings = catalogue.natures[nature].openings
        if not any(name == word or name.startswith(word + "_") for word in openings):
            yield Problem(
                "charte-nom",
                places.where("indicators", code),
                f"Le code « {code} » ne s’ouvre pas par un mot de la nature « {nature} ».",
                f"un nom qui commence par {listed(openings)}.",
                f"renommez l’indicateur, changez sa nature, ou ajoutez le mot dans "
                f"{_PLACES['natures']} avec sa raison.",
            )


def _formulas(catalogue: Catalogue, places: Places) -> Iterator[Problem]:
    """No figure is derived from itself; a base is a kind of territory said once."""
    state: dict[str, int] = {}
    for start in catalogue.indicators:
        circle = _circle(start, catalogue, state, [])
        if circle:
            yield Problem(
                "formule-circulaire",
                places.where("indicators", circle[0], ("formula",)),
                f"La formule tourne en rond : {' → '.join(circle)}.",
                "une formule dont aucun terme ne dépend du résultat.",
                "retirez la formule de l’un de ces indicateurs.",
            )
    for code, card in catalogue.indicators.items():
        if card.formula is None:
            continue
        if card.formula.form == "index_of_ratios" and card.formula.base is None:
            yield Problem(
                "formule-base",
                places.where("indicators", code, ("formula",)),
                f"L’indice « {code} » ne dit pas quel territoire vaut 100.",
                "une ligne « base: epci », par exemple.",
                "ajoutez la base à la formule.",
            )
        if len(set(card.formula.terms)) < len(card.formula.terms):
            yield Problem(
                "formule-terme-double",
                places.where("indicators", code, ("formula", "terms")),
                f"La formule de « {code} » cite deux fois le même terme.",
                "des termes distincts.",
                "corrigez la liste des termes.",
            )


def _circle(
    code: str, catalogue: Catalogue, state: dict[str, int], path: list[str]
) -> list[str] | None:
    """Return a circle of formulas met from ``code``, once. ``state``: 1 open, 2 done."""
    if state.get(code) == 2 or code not in catalogue.indicators:
        return None
    if state.get(code) == 1:
        return [*path[path.index(code) :], code]
    state[code] = 1
    formula = catalogue.indicators[code].formula
    for term in formula.terms if formula else ():
        circle = _circle(term, catalogue, state, [*path, code])
        if circle:
            for done in path:
                state[done] = 2
            state[code] = 2
            return circle
    state[code] = 2
    return None


def _weights(catalogue: Catalogue, places: Places) -> Iterator[Problem]:
    """A weight is a count, and only a mean is weighted."""
    for code, card in catalogue.indicators.items():
        if card.weight is None:
            continue
        weight = catalogue.indicators.get(card.weight)
        if weight is not None and weight.aggregation is not Aggregation.SUM:
            yield Problem(
                "poids-non-sommable",
                places.where("indicators", code, ("weight",)),
                f"Le poids « {card.weight} » ne se somme pas.",
                "un effectif (aggregation: somme).",
                "choisissez un effectif comme poids.",
            )
        if card.aggregation is not Aggregation.MEAN:
            yield Problem(
                "poids-inutile",
                places.where("indicators", code, ("weight",)),
                f"« {code} » a un poids mais n’est pas une moyenne.",
                "aggregation: moyenne.",
                "retirez le poids ou corrigez « aggregation ».",
            )


def _pictograms(catalogue: Catalogue, places: Places) -> Iterator[Problem]:
    """An indicator counts for a pictogram if and only if a sheet shows it in its spine."""
    shown = {
        code for fiche in catalogue.fiches.values() for block in fiche.blocks
        for code in block.signal
    }  # fmt: skip
    for code, card in catalogue.indicators.items():
        if card.pictogram and code not in shown:
            yield Problem(
                "pictogramme-invisible",
                places.where("indicators", code, ("pictogram",)),
                f"« {code} » compte pour un pictogramme mais n’est dans les lignes de signal "
                "d’aucune fiche.",
                "un indicateur cité sous « signal ».",
                "ajoutez-le au bloc de son thème, ou retirez « pictogram ».",
            )
        if card.pictogram and card.polarity is Polarity.NEUTRE:
            yield Problem(
                "pictogramme-neutre",
                places.where("indicators", code, ("polarity",)),
                f"« {code} » compte pour un pictogramme sans dire quel sens est favorable.",
                "polarity: favorable ou defavorable.",
                "donnez un sens à l’indicateur, ou retirez « pictogram ».",
            )
    for fiche_code, fiche in catalogue.fiches.items():
        for rank, block in enumerate(fiche.blocks):
            for row, code in enumerate(block.signal):
                indicator = catalogue.indicators.get(code)
                if indicator is not None and not indicator.pictogram:
                    yield Problem(
                        "signal-sans-pictogramme",
                        places.where("fiches", fiche_code, ("blocks", rank, "signal", row)),
                        f"« {code} » est une ligne de signal mais ne compte pour aucun "
                        "pictogramme.",
                        "un indicateur dont la carte dit « pictogram: true ».",
                        "corrigez la carte ou retirez la ligne.",
                    )


def _ranges(catalogue: Catalogue, places: Places) -> Iterator[Problem]:
    """The lowest value admitted is below the highest."""
    for code, card in catalogue.indicators.items():
        if None not in (card.minimum, card.maximum) and card.minimum >= card.maximum:  # type: ignore[operator]
            yield Problem(
                "bornes-inversees",
                places.where("indicators", code, ("minimum",)),
                f"« {code} » admet de {card.minimum:g} à {card.maximum:g}.",
                "un minimum inférieur au maximum.",
                "corrigez les deux bornes.",
            )


def _blocks(catalogue: Catalogue, places: Places) -> Iterator[Problem]:
    """The rows of a block speak of its theme, and are said once."""
    for fiche_code, fiche in catalogue.fiches.items():
        for rank, block in enumerate(fiche.blocks):
            for part in ("signal", "rows", "sentences"):
                seen: set[str] = set()
                for row, code in enumerate(getattr(block, part)):
                    at = places.where("fiches", fiche_code, ("blocks", rank, part, row))
                    if catalogue.theme_of(code) != block.theme:
                        yield Problem(
                            "fiche-theme",
                            at,
                            f"« {code} » est dans le bloc « {block.theme} ».",
                            f"un indicateur du thème « {block.theme} ».",
                            "déplacez la ligne.",
                        )
                    if code in seen:
                        yield Problem(
                            "fiche-ligne-double",
                            at,
                            f"« {code} » est cité deux fois.",
                            "une seule ligne par indicateur.",
                            "supprimez la répétition.",
                        )
                    seen.add(code)
                    indicator = catalogue.indicators.get(code)
                    if part == "rows" and indicator and not indicator.table:
                        yield from _too_wide(code, indicator.short, places)


def _too_wide(code: str, short: str, places: Places) -> Iterator[Problem]:
    """A row of page 2 without its own label takes the short one, when it fits."""
    if len(short) > TABLE_WIDTH:
        yield Problem(
            "fiche-libelle-long",
            places.where("indicators", code, ("short",)),
            f"« {short} » compte {len(short)} caractères et sert d’intitulé en page 2.",
            f"{TABLE_WIDTH} caractères au plus.",
            "ajoutez à la carte un intitulé « table » plus court.",
        )


def _breaks(catalogue: Catalogue, places: Places) -> Iterator[Problem]:
    """A break concerns an indicator that exists, and generations that exist."""
    known = [row["generation"] for row in read_list("vocabularies/generations.csv")]
    for code, broken in catalogue.breaks.items():
        for rank, pattern in enumerate(broken.indicators):
            if not any(fnmatchcase(indicator, pattern) for indicator in catalogue.indicators):
                yield Problem(
                    "rupture-sans-indicateur",
                    places.where("breaks", code, ("indicators", rank)),
                    f"Aucun indicateur ne suit « {pattern} ».",
                    "un code d’indicateur, où « * » vaut pour n’importe quelles lettres.",
                    "corrigez le motif.",
                )
        for rank, generation in enumerate(broken.generations or ()):
            if generation not in known:
                yield Problem(
                    "rupture-generation",
                    places.where("breaks", code, ("generations", rank)),
                    f"La génération « {generation} » n’existe pas.",
                    f"{listed(known)}.",
                    "corrigez l’année des périmètres.",
                )
