"""What is the « so what » of a theme over all the neighbourhoods, in one sentence?

Two facts, 120 characters at most: how the neighbourhoods stand against the EPCI, as people
(« un assuré sur trois… contre un sur six ») or as how many of them are beyond it and how
far it goes. A mean of rates is always said « en moyenne ». Where nothing can be compared
with the EPCI, the range; then the signals; then what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from terril.benchmarks.schema import Signal
from terril.catalogue.schema import Theme
from terril.fiches import lexicon as lx
from terril.fiches.claims import Claim, Values
from terril.fiches.context import GroupContext
from terril.fiches.facts import Fact, Span
from terril.fiches.people import people, percent_people
from terril.fiches.places import quantity
from terril.fiches.theme_summary import (
    THEME,
    above_epci,
    by_signal,
    has_ends,
    named,
    range_words,
    signal_claim,
    that,
)
from terril.lib.fractions import Stance, fraction
from terril.lib.french import arrondi, que
from terril.lib.prose import longueur, phrase, sans_gras

LENGTH: Final = 120
_NEAR: Final = 0.35  # standard deviations under which the EPCI is not far
_VERBS: Final = {  # (above the EPCI, plural) → verb, and how far it goes
    (True, False): ("dépasse", "atteint"), (True, True): ("dépassent", "atteignent"),
    (False, False): ("reste sous", "tombe à"), (False, True): ("restent sous", "tombent à"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    claims: tuple[Claim, ...]
    score: float
    indicator: str


def theme_headline(
    context: GroupContext, theme: Theme, code: str, indicators: Sequence[str]
) -> tuple[str, tuple[Claim, ...], str]:
    """The headline, what it claims, and the indicator that it speaks of ("" for none).

    ``theme``: the card, ``code`` its code; ``indicators``: those that it may speak of.
    """
    found = [
        candidate
        for order, indicator in enumerate(indicators)
        if (pair := _known(context, indicator)) is not None
        for candidate in _of_indicator(context, *pair, order)
    ]
    held = [candidate for candidate in found if longueur(phrase(candidate.text)) <= LENGTH]
    if held:
        best = max(held, key=lambda candidate: candidate.score)
        return sans_gras(phrase(best.text)), best.claims, best.indicator
    return _without_figures(context, theme, code, indicators)


def _known(context: GroupContext, indicator: str) -> tuple[Span, Fact] | None:
    """The spread of an indicator and a fact that carries its card; None when unknown."""
    span = context.spans.get(indicator)
    if span is None or not span.known:
        return None
    fact = next((f[indicator] for f in context.facts.values() if indicator in f), None)
    return None if fact is None else (span, fact)


def _of_indicator(
    context: GroupContext, span: Span, fact: Fact, order: int
) -> Iterator[_Candidate]:
    if not fact.judged or span.known * 3 < span.total * 2 or span.mean is None:
        return
    base = (0.3 if fact.pictogram else 0.0) - 0.01 * order
    if span.epci is None:
        yield from _ranges(context, span, fact, base)
        return
    gap = arrondi(span.mean, fact.card.decimals) - arrondi(span.epci, fact.card.decimals)
    spread = abs(gap) / span.sd if span.sd else 0.0
    if not gap or (spread < _NEAR and span.known > 2):
        return
    base += min(spread, 3.0) / 3
    if fact.is_share_of_people:
        yield from _people(context, span, fact, base)
    yield from _beyond(context, span, fact, base)


def _people(context: GroupContext, span: Span, fact: Fact, base: float) -> Iterator[_Candidate]:
    """« En moyenne, un assuré sur trois… dans les quartiers, contre un sur six dans… »."""
    assert span.mean is not None and span.epci is not None
    up = span.mean > span.epci
    way: Stance = "high" if up else "low"
    other_way: Stance = "low" if up else "high"
    mine, theirs = fraction(span.mean, way), fraction(span.epci, other_way)
    only = "en moyenne, " if span.known > 1 else ""
    there = context.epci.inside
    times = lx.ratio_words(span.mean, span.epci)
    for where, cost in _wheres(span):
        if mine is not None:
            head = f"{only}{people(fact, mine)} {where}"
            # « plus d’un sur trois » sounds high: not the word for what is too low
            sounds = 0.4 if mine.qualifier == "plus de" and not up else 0.0
            exact = (0.15 if not mine.qualifier else 0.0) - cost - sounds
            if theirs is not None and theirs.share != mine.share:
                bare = 0.15 if not theirs.qualifier else 0.0
                claim = _mean_claim(span, fact, fraction=mine.key, fraction_reference=theirs.key)
                text = f"{head}, contre {theirs.words(fact.phrase.among_gender)} {there}"
                yield _Candidate(text, (claim,), base + 1.0 + exact + bare, fact.indicator)
            if times:
                claim = _mean_claim(span, fact, fraction=mine.key, rapport=times)
                text = f"{head}, {times} {que(there)}"
                yield _Candidate(text, (claim,), base + 1.05 + exact, fact.indicator)
        own, other = fact.pair(span.mean, span.epci)
        text = f"{only}{percent_people(fact, own)} {where}, contre {other} {there}"
        score = base + 0.7 - cost
        yield _Candidate(text, (_mean_claim(span, fact),), score, fact.indicator)


def _wheres(span: Span) -> tuple[tuple[str, float], ...]:
    """Where the figure is the mean of, the fullest words first, with what they cost."""
    if span.total == 1:
        return (("dans le quartier", 0.0),)
    if span.known < span.total:
        return ((f"dans les {quantity(span.known)} quartiers connus", 0.0),)
    return (("dans les quartiers prioritaires", 0.0), ("dans les quartiers", 0.02))


def _mean_claim(span: Span, fact: Fact, **words: str) -> Claim:
    assert span.mean is not None and span.epci is not None
    up = arrondi(span.mean, fact.card.decimals) > arrondi(span.epci, fact.card.decimals)
    values: Values = {
        "moyenne": span.mean, "reference": span.epci, "known": float(span.known), **words,
    }  # fmt: skip
    return Claim(span.indicator, span.period, "epci", "higher" if up else "lower", "", None, values)


def _beyond(context: GroupContext, span: Span, fact: Fact, base: float) -> Iterator[_Candidate]:
    """« Dans les 21 quartiers, le taux… dépasse celui de l’agglomération, jusqu’à 60,3 % (X) »."""
    found = above_epci(context, span)
    if found is None or span.epci is None or not has_ends(span):
        return
    assert span.minimum is not None and span.maximum is not None
    direction, number, claim = found
    if number < 0.75 * span.known or not number:
        return
    high = direction == "higher"
    end, codes = (span.maximum, span.highest) if high else (span.minimum, span.lowest)
    extreme = Claim(
        span.indicator, span.period, "", "", "", None,
        {("maximum" if high else "minimum"): end, ("haut" if high else "bas"): named_codes(codes)},
    )  # fmt: skip
    where = lx.count_quartiers(number, span.known, span.total)
    name = named(sorted(codes), context.shorts)
    score = base + 0.55 + 0.3 * (number / span.known)
    own = f"({fact.prose(span.epci)})"
    whole = (fact.phrase.subject, fact.phrase.gender, fact.phrase.number)
    short = (fact.phrase.brief, fact.phrase.brief_gender, "s")
    for subject, gender, plural in (whole, short):
        if not subject:
            continue
        verb, reach = _VERBS[high, plural == "p"]
        head = f"{where}, {subject} {verb} {that(gender, plural)} {context.epci.of}"
        until = f"et {reach} {fact.prose(end)} ({name})"
        both = (claim, extreme)
        yield _Candidate(f"{head} {own} {until}", both, score, fact.indicator)
        yield _Candidate(f"{head} {until}", both, score - 0.05, fact.indicator)
        yield _Candidate(f"{head} {own}", (claim,), score - 0.25, fact.indicator)


def _ranges(context: GroupContext, span: Span, fact: Fact, base: float) -> Iterator[_Candidate]:
    """Without the EPCI: from where to where the neighbourhoods go."""
    if not has_ends(span):
        return
    assert span.minimum is not None and span.maximum is not None
    if fact.prose(span.minimum) == fact.prose(span.maximum):
        return
    wide = (span.maximum - span.minimum) / (span.sd or 1.0)
    for brief in (False, True):
        for spread in (True, False):
            text, claims = range_words(span, fact, context.shorts, brief=brief, spread=spread)
            score = base + 0.05 * wide + 0.1 * spread - 0.02 * brief
            yield _Candidate(text, claims, score, fact.indicator)


def _without_figures(
    context: GroupContext, theme: Theme, code: str, indicators: Sequence[str]
) -> tuple[str, tuple[Claim, ...], str]:
    """The signals when there are some; else how many figures are known."""
    by = by_signal(context, code)
    total = len(context.names)
    bad, good = by[Signal.DIFFICILE], by[Signal.FAVORABLE]
    claim = signal_claim(context, code)
    if total > 1 and len(by[Signal.INDETERMINE]) < total:
        for codes, word in ((bad, "en difficulté"), (good, "favorable")):
            if not codes:
                continue
            plural = len(codes) > 1
            ending = "s" if plural and word == "favorable" else ""
            said = (
                f"pour {theme.article}, {quantity(len(codes))} quartier{'s' if plural else ''} "
                f"sur {quantity(total)} {'sont' if plural else 'est'} {word}{ending}"
            )
            for text in (f"{said} : {named(codes, context.shorts)}", said):
                if longueur(phrase(text)) <= LENGTH:
                    return phrase(text), (claim,), ""
        text = f"pour {theme.article}, aucun quartier ne se détache de la moyenne des quartiers"
        return phrase(text), (claim,), ""
    known = [i for i in indicators if (s := context.spans.get(i)) is not None and s.known]
    values: Values = {"indicateurs": float(len(indicators)), "connus": float(len(known))}
    claim = Claim(f"{THEME}.{code}", "", "", "", "", None, values)
    verb = "est connu" if len(known) == 1 else "sont connus"
    text = (
        f"pour {theme.article}, {quantity(len(known))} indicateur"
        f"{'s' if len(known) > 1 else ''} sur {quantity(len(indicators))} {verb} dans au moins "
        "un quartier"
    )
    return phrase(text), (claim,), ""


def named_codes(codes: Sequence[str]) -> str:
    """The codes in one text, in order, for a claim."""
    return " ".join(sorted(codes))
