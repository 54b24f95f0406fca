"""Do the descriptions of counts agree with the indicators that they fill?

A count becomes a number of something, a share a percentage or a rate, and somebody is
protected: records are about people or about what they own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from terril.catalogue.cards import Catalogue
from terril.catalogue.messages import listed
from terril.catalogue.schema import Indicator, Nature
from terril.catalogue.works import Measure, Work, date
from terril.lib.problems import Problem

if TYPE_CHECKING:
    from terril.catalogue.check import Places

#: natures that a form of measure cannot be
_NEVER: Final[dict[str, tuple[Nature, ...]]] = {
    "share": (Nature.NB, Nature.REVENU, Nature.MONTANT, Nature.DENSITE),
    "mean": (Nature.NB, Nature.PART),
    "sum": (Nature.PART, Nature.TAUX, Nature.INDICE, Nature.DENSITE),
}
_FORMS: Final = {
    "count": "un dénombrement",
    "share": "une part",
    "mean": "une moyenne",
    "sum": "une somme",
}


def works(catalogue: Catalogue, places: Places) -> Iterator[Problem]:
    """Yield what is wrong in the works, each with its line."""
    for code, work in catalogue.works.items():
        for rank, measure in enumerate(work.measures):
            card = catalogue.indicators.get(measure.indicator)
            if card is not None:
                yield from _fits(code, rank, measure, card, catalogue, places)
        yield from _protected(code, work, catalogue, places)
        yield from _aged(code, work, places)


def _fits(
    code: str, rank: int, measure: Measure, card: Indicator, catalogue: Catalogue, places: Places
) -> Iterator[Problem]:
    at = places.where("works", code, ("measures", rank, "indicator"))
    wrong = (
        card.nature is not Nature.NB
        if measure.form == "count"
        else card.nature in _NEVER[measure.form]
    )
    if wrong:
        admitted = (
            [Nature.NB.value]
            if measure.form == "count"
            else [n.value for n in Nature if n not in _NEVER[measure.form]]
        )
        yield Problem(
            "travail-nature",
            at,
            f"« {measure.indicator} » est de nature « {card.nature.value} » : "
            f"{_FORMS[measure.form]} ne peut pas le donner.",
            f"un indicateur de nature {listed(admitted)}.",
            "changez « form » ou l’indicateur.",
        )
    unit = catalogue.units.get(card.unit)
    if measure.form == "share" and unit is not None and unit.per is None:
        yield Problem(
            "travail-unite",
            at,
            f"« {measure.indicator} » est en « {card.unit} » : on ne sait pas sur combien "
            "d’unités rapporter la part.",
            "une unité dont la carte dit « per » (100 pour des %).",
            "ajoutez « per » à la carte de l’unité, ou choisissez un autre indicateur.",
        )


def _protected(code: str, work: Work, catalogue: Catalogue, places: Places) -> Iterator[Problem]:
    """Records never come without a minimum: the rule of the work, or of each indicator."""
    source = catalogue.sources.get(work.source)
    rule = catalogue.secrecy.get(work.secrecy or (source.secrecy if source else ""))
    if rule is None or rule.minimum is not None:
        return
    for rank, measure in enumerate(work.measures):
        card = catalogue.indicators.get(measure.indicator)
        own = catalogue.secrecy.get(card.secrecy) if card is not None else None
        if own is None or own.minimum is not None:
            continue
        yield Problem(
            "travail-sans-secret",
            places.where("works", code, ("measures", rank, "indicator")),
            f"Ni la source ni « {measure.indicator} » n’ont de seuil de secret : une seule fiche "
            "suffirait à faire un chiffre publié.",
            "une règle de secret avec « minimum ».",
            "donnez « secrecy » au travail.",
        )


def _aged(code: str, work: Work, places: Places) -> Iterator[Problem]:
    """An age is taken at a date: the dimension says which, or the period is one."""
    for name, dimension in work.dimensions.items():
        if dimension.reading == "number" or dimension.at or work.period is None:
            continue
        if not date(work.period):
            yield Problem(
                "travail-age",
                places.where("works", code, ("dimensions", name)),
                f"La dimension « {name} » compte des âges, mais la période « {work.period} » "
                "n’est pas une date.",
                "at: '2020-12-31', par exemple.",
                "ajoutez « at » à la dimension.",
            )
