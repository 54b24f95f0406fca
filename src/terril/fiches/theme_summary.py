"""What does a theme look like over all the neighbourhoods of a contract?

For the theme sheets of the EPCI: how many neighbourhoods are in difficulty, from where to
where an indicator goes and which neighbourhoods stand at both ends, in how many of them it
is above the EPCI. Each sentence comes with its statements, like those of the sheets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from terril.benchmarks.schema import Signal
from terril.catalogue.cards import Catalogue
from terril.fiches.claims import Claim, Values, about_signals, statements
from terril.fiches.clauses import leaning
from terril.fiches.context import GroupContext
from terril.fiches.facts import Fact, Span
from terril.fiches.lexicon import count_quartiers
from terril.fiches.model import Run, Statement
from terril.fiches.places import quantity
from terril.lib.french import Gender, de, liste
from terril.lib.prose import phrase, segments

Text = tuple[tuple[Run, ...], tuple[Statement, ...]]

#: names told at an end before « et n autres »
_NAMED: Final = 2
#: subject of a claim about a theme as a whole: « theme.sante »
THEME: Final = "theme"
_SPREAD_WORDS: Final = {
    "presque du simple au double": (1.8, 1.97), "du simple au double": (1.97, 2.06),
    "du simple à plus du double": (2.06, 2.5), "presque du simple au triple": (2.75, 2.97),
    "du simple au triple": (2.97, 3.1),
}  # fmt: skip


def theme_summary(
    context: GroupContext,
    catalogue: Catalogue,
    theme: str,
    indicators: Sequence[str],
    most: int | None = None,
) -> tuple[Text, ...]:
    """The paragraphs of a theme sheet: the signals first, then one an indicator.

    ``indicators``: those to speak of, in order; those nobody knows are left out, those known
    of a single neighbourhood too. ``most``: how many of them are spoken of, all by default.
    """
    signals = signal_summary(context, catalogue.themes[theme].article, theme)
    found = [text for code in indicators if (text := indicator_summary(context, code)) is not None]
    return (*(() if signals is None else (signals,)), *found[:most])


def by_signal(context: GroupContext, theme: str) -> dict[str, list[str]]:
    """The neighbourhoods of each signal, those that stand out most first."""
    by: dict[str, list[str]] = {signal: [] for signal in Signal}
    scores: dict[str, float] = {}
    for qpv in context.names:
        signal = context.signals[qpv].get(theme)
        by[signal.signal if signal else Signal.INDETERMINE].append(qpv)
        scores[qpv] = signal.score if signal and signal.score is not None else 0.0
    for codes in by.values():
        codes.sort(key=lambda code: (-abs(scores[code]), code))
    return by


def signal_claim(context: GroupContext, theme: str) -> Claim:
    """How many neighbourhoods have each signal."""
    counts: Values = {
        str(Signal(signal).value): float(len(codes))
        for signal, codes in by_signal(context, theme).items()
    }
    return about_signals(counts | {"quartiers": float(len(context.names))}, theme)


def signal_summary(context: GroupContext, label: str, theme: str) -> Text | None:
    """« Quatre quartiers sur 21 sont en difficulté (…), six sont favorables (…) »."""
    by = by_signal(context, theme)
    total = len(context.names)
    if len(by[Signal.INDETERMINE]) == total or total < 2:
        return None
    claim = signal_claim(context, theme)
    parts: list[str] = []
    for codes, word in (
        (by[Signal.DIFFICILE], "en difficulté"), (by[Signal.FAVORABLE], "favorable"),
    ):  # fmt: skip
        if not codes:
            continue
        number, several = len(codes), len(codes) > 1
        noun = "" if parts else f" quartier{'s' if several else ''}"
        over = "" if parts else f" sur {quantity(total)}"
        ending = "s" if several and word == "favorable" else ""
        parts.append(
            f"**{quantity(number)}{noun}{over}** {'sont' if several else 'est'} {word}{ending} "
            f"({named(codes, context.shorts)})"
        )
    about = f"pour {label}, "
    if not parts:
        text = f"{about}aucun quartier ne se détache de la moyenne"
    else:
        text = about + ", ".join(parts)
    unknown = len(by[Signal.INDETERMINE])
    if unknown:
        text += f" ; le signal est indéterminé {count_quartiers(unknown, total)}"
    return _text(text, (claim,))


def indicator_summary(context: GroupContext, code: str) -> Text | None:
    """The range of an indicator, its two ends, and how many are above the EPCI."""
    span = context.spans.get(code)
    fact = next((facts[code] for facts in context.facts.values() if code in facts), None)
    if span is None or fact is None or not has_ends(span):
        return None
    texts = [range_words(span, fact, context.shorts)]
    above = _against_epci(context, span, fact)
    if above is not None:
        texts.append(above)
    sentences = [(phrase(text), claims) for text, claims in texts]
    whole = " ".join(sentence for sentence, _ in sentences)
    made = tuple(s for sentence, claims in sentences for s in statements(claims, sentence))
    return tuple(Run(part.text, part.strong) for part in segments(whole)), made


def has_ends(span: Span) -> bool:
    """Are there two known ends, and is it known who holds them (enough to rank)?"""
    ends = span.minimum is not None and span.maximum is not None
    return ends and span.known > 1 and bool(span.lowest and span.highest)


def range_words(
    span: Span, fact: Fact, shorts: Mapping[str, str], *, brief: bool = False, spread: bool = True
) -> tuple[str, tuple[Claim, ...]]:
    """« La part… va de 13,9 % (X) à 18,7 % (Y), du simple au double », and its claim.

    ``brief``: the short noun of the card, where it has one; ``spread``: say how many times,
    where it is true. The two ends of the span are known.
    """
    assert span.minimum is not None and span.maximum is not None
    card = fact.card
    values: Values = {
        "minimum": span.minimum,
        "maximum": span.maximum,
        "known": float(span.known),
        "bas": " ".join(sorted(span.lowest)),
        "haut": " ".join(sorted(span.highest)),
    }
    low, high = fact.prose(span.minimum), fact.prose(span.maximum)
    short = card.phrase.brief if brief else None
    subject = short or card.phrase.subject
    plural = card.phrase.number == "p" and short is None
    if low == high:
        is_ = "sont" if plural else "est"
        text = f"{subject} {is_} de **{low}** dans tous les quartiers connus"
        return text, (_state(span, values),)
    go = "vont" if plural else "va"
    text = (
        f"{subject} {go} {de('**' + low + '**')} ({named(sorted(span.lowest), shorts)}) "
        f"à **{high}** ({named(sorted(span.highest), shorts)})"
    )
    words = _spread_words(span) if spread else ""
    if words:
        text += f", {words}"
        values["etendue"] = words
    return text, (_state(span, values),)


def _state(span: Span, values: Values) -> Claim:
    return Claim(span.indicator, span.period, "", "", "", None, values)


def _spread_words(span: Span) -> str:
    """« du simple au double »: when it is about that, and figures are not tiny."""
    assert span.minimum is not None and span.maximum is not None
    if span.minimum <= 0 or span.maximum < 5:
        return ""
    ratio = span.maximum / span.minimum
    return next((w for w, (low, high) in _SPREAD_WORDS.items() if low <= ratio < high), "")


def above_epci(context: GroupContext, span: Span) -> tuple[str, int, Claim] | None:
    """On which side of the EPCI most neighbourhoods are, how many, and the claim of it.

    None when the EPCI is unknown, or when as few are on either side.
    """
    if span.epci is None or span.known < 2:
        return None
    ways = [
        ref.direction
        for facts in context.facts.values()
        if (found := facts.get(span.indicator)) is not None
        and (ref := found.refs.get("epci")) is not None
    ]
    if len(ways) != span.known:
        return None
    higher, lower = ways.count("higher"), ways.count("lower")
    direction, number = ("higher", higher) if higher >= lower else ("lower", lower)
    if not number:
        return None
    values: Values = {
        "nombre": float(number), "known": float(span.known), "reference": span.epci,
    }  # fmt: skip
    claim = Claim(span.indicator, span.period, "epci", direction, "", None, values)
    return direction, number, claim


def _against_epci(
    context: GroupContext, span: Span, fact: Fact
) -> tuple[str, tuple[Claim, ...]] | None:
    found = above_epci(context, span)
    if found is None or span.epci is None or 2 * found[1] <= span.known:
        return None  # as many on both sides: nothing to say
    direction, number, claim = found
    phrase_ = fact.card.phrase
    pronoun = _pronoun(phrase_.gender, phrase_.number)
    plural = phrase_.number == "p"
    verb = {
        ("higher", False): "dépasse", ("higher", True): "dépassent",
        ("lower", False): "reste sous", ("lower", True): "restent sous",
    }[(direction, plural)]  # fmt: skip
    where = count_quartiers(number, span.known, span.total)
    than = f"{that(phrase_.gender, phrase_.number)} {context.epci.of} ({fact.prose(span.epci)})"
    if leaning(f"{context.group}{span.indicator}epci") < 0.5:
        text = f"{where}, {pronoun} {verb} {than}"
    else:
        text = f"{pronoun} {verb} {than} {where}"
    return text, (claim,)


def that(gender: Gender, number: str) -> str:
    """« celui », « celle », « ceux », « celles »."""
    return {"ms": "celui", "fs": "celle", "mp": "ceux", "fp": "celles"}[gender + number]


def _pronoun(gender: Gender, number: str) -> str:
    word = "elle" if gender == "f" else "il"
    return word + ("s" if number == "p" else "")


def named(codes: Iterable[str], shorts: Mapping[str, str]) -> str:
    """« A », « A et B », « A, B et cinq autres », in the order given."""
    names = [shorts[code] for code in codes]
    if len(names) <= _NAMED + 1:
        return liste(names)
    rest = len(names) - _NAMED
    return f"{', '.join(names[:_NAMED])} et {quantity(rest)} autres"


def _text(text: str, claims: tuple[Claim, ...]) -> Text:
    sentence = phrase(text)
    runs = tuple(Run(part.text, part.strong) for part in segments(sentence))
    return runs, statements(claims, sentence)
