"""What does a theme sheet say in sentences?

A headline and a few sentences on a theme over all the neighbourhoods: how many are in
difficulty, how far they stand from the agglomeration, how they spread, where the ends are.
Each sentence uses printed figures only; a sentence that lacks one of its figures is not
said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from terril.benchmarks.schema import Signal
from terril.catalogue.schema import Indicator, Polarity
from terril.lib.dates import en_periode
from terril.lib.french import NBSP, avec_unite, en_lettres, liste, majuscule, nombre
from terril.lib.prose import typographie
from terril.observations.schema import Kind, Status
from terril.reports.grid import Column, column_of
from terril.reports.lookup import Group, Lookup, Place, Value

HEADLINE = 150


@dataclass(frozen=True, slots=True)
class Spread:
    """An indicator over the neighbourhoods, with what the sentences need of it."""

    column: Column
    card: Indicator
    group: Group
    epci: Value
    lowest: tuple[Place, ...]
    highest: tuple[Place, ...]

    @property
    def distance(self) -> float:
        """Distance of the mean from the agglomeration, in standard deviations of the QPV."""
        if self.epci.value is None or self.group.mean is None or not self.group.sd:
            return 0.0
        return abs(self.group.mean - self.epci.value) / self.group.sd

    @property
    def wide(self) -> bool:
        """Known for two neighbourhoods in three at least: worth a sentence on all of them."""
        return self.group.known * 3 >= self.group.total * 2

    @property
    def telling(self) -> tuple[bool, bool, float]:
        """Order of the sentences: known widely, judged, far from the agglomeration."""
        return (not self.wide, self.card.polarity == Polarity.NEUTRE, -self.distance)


def spreads(lookup: Lookup, indicators: Sequence[str]) -> list[Spread]:
    """The indicators that at least one neighbourhood knows, in the order given."""
    held = []
    for code in indicators:
        period = lookup.shown(code)
        group = lookup.group(code, period) if period is not None else None
        if period is None or group is None or not group.known:
            continue
        column = column_of(lookup, code, period)
        ends: dict[str, list[Place]] = {"rank_low": [], "rank_high": []}
        for place in lookup.qpv:
            position = lookup.position(place.code, code, period)
            for name, found in ends.items():
                if position is not None and getattr(position, name) == 1:
                    found.append(place)
        held.append(
            Spread(
                column,
                lookup.catalogue.indicators[code],
                group,
                lookup.value(Kind.EPCI, lookup.source.epci, code, period),
                tuple(ends["rank_low"]),
                tuple(ends["rank_high"]),
            )
        )
    return held


def amount(column: Column, value: float) -> str:
    """« 19,6 % », « 12 811 € »."""
    return avec_unite(value, column.decimals, column.symbol)


def _is(card: Indicator) -> str:
    return "sont" if card.phrase.number == "p" else "est"


def _subject(card: Indicator) -> str:
    return card.phrase.subject


def headline(lookup: Lookup, theme: str, held: Sequence[Spread]) -> str:
    """One sentence of 150 characters at most: the widest distance to the agglomeration."""
    for spread in sorted(held, key=lambda item: item.telling):
        if not spread.wide or not spread.distance or not _differs(spread):
            continue
        mean, own = _both(spread)
        subject = _subject(spread.card)
        for text in (
            f"{subject} {_is(spread.card)} de {mean} en moyenne dans les quartiers, contre {own} "
            "dans l’agglomération.",
            f"{subject}{NBSP}: {mean} en moyenne dans les quartiers, {own} dans l’agglomération.",
        ):
            if len(text) <= HEADLINE:
                return typographie(majuscule(text))
    tally = tally_sentence(lookup, theme)
    if tally and len(tally) <= HEADLINE:
        return tally
    label = lookup.catalogue.themes[theme].article
    count = len(lookup.qpv)
    if count == 1:
        return typographie(majuscule(f"{label} dans le quartier {lookup.qpv[0].short}."))
    return typographie(majuscule(f"{label} dans les {count} quartiers prioritaires."))


def _both(spread: Spread) -> tuple[str, str]:
    assert spread.group.mean is not None and spread.epci.value is not None
    return amount(spread.column, spread.group.mean), amount(spread.column, spread.epci.value)


def _differs(spread: Spread) -> bool:
    """Do the two printed figures differ?"""
    mean, own = _both(spread)
    return mean != own


def summary(lookup: Lookup, theme: str, held: Sequence[Spread], headline_: str) -> list[str]:
    """Three to five sentences that do not repeat the headline."""
    said = [tally_sentence(lookup, theme), ends_sentence(lookup, theme)]
    apart = sorted((item for item in held if item.distance), key=lambda item: item.telling)
    gaps = [gap_sentence(item) for item in apart if item.wide and _differs(item)]
    said += [text for text in gaps if text and not _repeats(text, headline_)][:2]
    wide = [item for item in held if item.wide and item.group.known >= 3]
    said += [text for text in (range_sentence(item) for item in wide) if text][:1]
    return [text for text in dict.fromkeys(said) if text and text != headline_]


def _repeats(text: str, headline_: str) -> bool:
    return text[:40] == headline_[:40]


def tally_sentence(lookup: Lookup, theme: str) -> str:
    """« Six quartiers sur 21 sont en difficulté, cinq sont favorables… »."""
    counts = Counter(
        found.signal for place in lookup.qpv if (found := lookup.signal(place.code, theme))
    )
    total = sum(counts.values())
    if total < 2 or counts[Signal.INDETERMINE] == total:
        return ""
    parts = []
    for signal, one, many in (
        (Signal.DIFFICILE, "est en difficulté", "sont en difficulté"),
        (Signal.FAVORABLE, "est favorable", "sont favorables"),
        (Signal.MOYEN, "est dans la moyenne", "sont dans la moyenne"),
        (Signal.INDETERMINE, "est indéterminé, faute de données",
         "sont indéterminés, faute de données"),
    ):  # fmt: skip
        count = counts[signal]
        if count:
            parts.append((en_lettres(count), one if count == 1 else many, count))
    number, verb, count = parts[0]
    noun = "quartier" if count == 1 else "quartiers"
    text = f"{number} {noun} sur {nombre(total)} {verb}"
    rest = [f"{number} {verb}" for number, verb, _ in parts[1:]]
    return majuscule(f"{text}, {liste(rest)}." if rest else f"{text}.")


def ordered_by_score(lookup: Lookup, theme: str) -> list[tuple[Place, float]]:
    """Neighbourhoods with a score, the most difficult first."""
    held = []
    for place in lookup.qpv:
        found = lookup.signal(place.code, theme)
        if found is not None and found.score is not None and found.signal != Signal.INDETERMINE:
            held.append((place, found.score))
    return sorted(held, key=lambda item: item[1])


def ends_sentence(lookup: Lookup, theme: str) -> str:
    """Which neighbourhoods stand at the two ends of the theme."""
    held = ordered_by_score(lookup, theme)
    if len(held) < 3:
        return ""
    return (
        f"Situation la plus difficile{NBSP}: {held[0][0].short}\u202f; "
        f"la plus favorable{NBSP}: {held[-1][0].short}."
    )


def gap_sentence(spread: Spread) -> str:
    """« Le taux de pauvreté est de 44,8 % en moyenne, contre 25,9 % dans l’agglomération. »"""
    if spread.epci.value is None or spread.group.mean is None:
        return ""
    mean, own = _both(spread)
    subject = f"{_subject(spread.card)} {_is(spread.card)}"
    text = f"{subject} de {mean} en moyenne dans les quartiers, contre {own} dans l’agglomération."
    return typographie(majuscule(text))


def range_sentence(spread: Spread) -> str:
    """« D’un quartier à l’autre, la part… va de 13,9 % (Cité 2) à 18,7 % (Camus) en 2018. »"""
    group = spread.group
    if group.minimum is None or group.maximum is None:
        return ""
    low, high = amount(spread.column, group.minimum), amount(spread.column, group.maximum)
    if low == high:
        return ""
    verb = "vont" if spread.card.phrase.number == "p" else "va"
    when = en_periode(spread.column.period)
    return typographie(
        f"D’un quartier à l’autre, {_subject(spread.card)} {verb} de {low}"
        f"{_named(spread.lowest)} à {high}{_named(spread.highest)}{' ' + when if when else ''}."
    )


def _named(places: Sequence[Place]) -> str:
    return f" ({places[0].short})" if len(places) == 1 else ""


def known_sentence(lookup: Lookup, spread: Spread) -> str:
    """« 10 quartiers connus sur 21, 11 secrets. », "" when all are known."""
    if spread.group.known == spread.group.total:
        return ""
    statuses = Counter(
        lookup.value(Kind.QPV, place.code, spread.column.indicator, spread.column.period).status
        for place in lookup.qpv
    )
    parts = [f"{nombre(spread.group.known)} quartiers connus sur {nombre(spread.group.total)}"]
    secret = statuses[Status.SECRET]
    if secret:
        parts.append(f"{nombre(secret)} secret{'s' if secret > 1 else ''}")
    return ", ".join(parts)
