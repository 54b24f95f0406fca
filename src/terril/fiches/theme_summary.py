"""What does a theme look like over all the neighbourhoods of a contract?

For the theme sheets of the EPCI: how many neighbourhoods are in difficulty, from where to
where an indicator goes and which neighbourhoods stand at both ends, in how many of them it
is above the EPCI. Each sentence comes with its statements, like those of the sheets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from terril.benchmarks.schema import Signal
from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Indicator
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
_NAMED = 2


def theme_summary(
    context: GroupContext, catalogue: Catalogue, theme: str, indicators: Sequence[str]
) -> tuple[Text, ...]:
    """The sentences of a theme sheet: the signals first, then one or two an indicator.

    ``indicators``: those to speak of, in order; those nobody knows are left out, those known
    of a single neighbourhood too.
    """
    found: list[Text] = []
    signals = signal_summary(context, catalogue.themes[theme].article, theme)
    if signals is not None:
        found.append(signals)
    for code in indicators:
        text = indicator_summary(context, code)
        if text is not None:
            found.append(text)
    return tuple(found)


def signal_summary(context: GroupContext, label: str, theme: str) -> Text | None:
    """« Quatre quartiers sur 21 sont en difficulté (…), six sont favorables (…) »."""
    by: dict[str, list[str]] = {signal: [] for signal in Signal}
    for qpv in context.names:
        signal = context.signals[qpv].get(theme)
        by[signal.signal if signal else Signal.INDETERMINE].append(qpv)
    total = len(context.names)
    if len(by[Signal.INDETERMINE]) == total or total < 2:
        return None
    bad, good = by[Signal.DIFFICILE], by[Signal.FAVORABLE]
    values: Values = {str(signal.value): float(len(by[signal])) for signal in Signal}
    claim = about_signals(values | {"quartiers": float(total)}, theme)
    parts: list[str] = []
    for codes, one, many in ((bad, "en difficulté", "en difficulté"),
                             (good, "favorable", "favorables")):  # fmt: skip
        if not codes:
            continue
        number, several = len(codes), len(codes) > 1
        head = (
            f"{quantity(number)} quartier{'s' if several else ''}"
            if not parts
            else (quantity(number))
        )
        over = f" sur {total}" if not parts else ""
        parts.append(
            f"**{head}{over}** {'sont' if several else 'est'} {many if several else one}"
            f" ({_named(codes, context.shorts)})"
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
    if span is None or fact is None or span.known < 2:
        return None
    if span.minimum is None or span.maximum is None:
        return None
    texts = [_range(span, fact, context.shorts)]
    above = _against_epci(context, span, fact)
    if above is not None:
        texts.append(above)
    sentences = [(phrase(text), claims) for text, claims in texts]
    whole = " ".join(sentence for sentence, _ in sentences)
    made = tuple(s for sentence, claims in sentences for s in statements(claims, sentence))
    return tuple(Run(part.text, part.strong) for part in segments(whole)), made


def _range(span: Span, fact: Fact, shorts: Mapping[str, str]) -> tuple[str, tuple[Claim, ...]]:
    assert span.minimum is not None and span.maximum is not None
    card = fact.card
    values: Values = {
        "minimum": span.minimum,
        "maximum": span.maximum,
        "known": float(span.known),
        "bas": " ".join(sorted(span.lowest)),
        "haut": " ".join(sorted(span.highest)),
    }
    claim = Claim(span.indicator, span.period, "", "", "", None, values)
    low, high = fact.prose(span.minimum), fact.prose(span.maximum)
    subject = card.phrase.subject
    plural = card.phrase.number == "p"
    if low == high:
        is_ = "sont" if plural else "est"
        return f"{subject} {is_} de **{low}** dans tous les quartiers connus", (claim,)
    go = "vont" if plural else "va"
    text = (
        f"{subject} {go} {de('**' + low + '**')} ({_named(span.lowest, shorts)}) à **{high}** "
        f"({_named(span.highest, shorts)})"
    )
    spread = _spread_words(span, card)
    if spread:
        text += f", {spread}"
    return text, (claim,)


def _spread_words(span: Span, card: Indicator) -> str:
    """« du simple au double »: when it is about that, and figures are not tiny."""
    assert span.minimum is not None and span.maximum is not None
    if span.minimum <= 0 or span.maximum < 5:
        return ""
    ratio = span.maximum / span.minimum
    for words, low, high in (
        ("presque du simple au double", 1.8, 1.97), ("du simple au double", 1.97, 2.06),
        ("plus du simple au double", 2.06, 2.5), ("presque du simple au triple", 2.75, 2.97),
        ("du simple au triple", 2.97, 3.1),
    ):  # fmt: skip
        if low <= ratio < high:
            return words
    return ""


def _against_epci(
    context: GroupContext, span: Span, fact: Fact
) -> tuple[str, tuple[Claim, ...]] | None:
    if span.epci is None or span.known < 2:
        return None
    refs = [
        ref
        for facts in context.facts.values()
        if (found := facts.get(span.indicator)) is not None
        and (ref := found.refs.get("epci")) is not None
    ]
    if not refs:
        return None
    known = len(refs)
    higher = sum(1 for ref in refs if ref.direction == "higher")
    lower = sum(1 for ref in refs if ref.direction == "lower")
    direction, number = ("higher", higher) if higher >= lower else ("lower", lower)
    claim = Claim(
        span.indicator, span.period, "epci", direction, "", None,
        {"nombre": float(number), "known": float(known), "reference": span.epci},
    )  # fmt: skip
    pronoun = _pronoun(fact.card.phrase.gender, fact.card.phrase.number)
    plural = fact.card.phrase.number == "p"
    verb = {
        ("higher", False): "dépasse", ("higher", True): "dépassent",
        ("lower", False): "reste sous", ("lower", True): "restent sous",
    }[(direction, plural)]  # fmt: skip
    that = {"ms": "celui", "fs": "celle", "mp": "ceux", "fp": "celles"}[
        fact.card.phrase.gender + fact.card.phrase.number
    ]
    where = count_quartiers(number, known, span.total)
    figure = fact.prose(span.epci)
    if leaning(f"{context.group}{span.indicator}epci") < 0.5:
        text = f"{where}, {pronoun} {verb} {that} {de(context.epci.noun)} ({figure})"
    else:
        text = f"{pronoun} {verb} {that} {de(context.epci.noun)} ({figure}) {where}"
    return text, (claim,)


def _pronoun(gender: Gender, number: str) -> str:
    word = "elle" if gender == "f" else "il"
    return word + ("s" if number == "p" else "")


def _named(codes: Sequence[str], shorts: Mapping[str, str]) -> str:
    """« A », « A et B », « A, B et cinq autres »."""
    names = [shorts[code] for code in sorted(codes)]
    if len(names) <= _NAMED + 1:
        return liste(names)
    rest = len(names) - _NAMED
    return f"{', '.join(names[:_NAMED])} et {quantity(rest)} autres"


def _text(text: str, claims: tuple[Claim, ...]) -> Text:
    sentence = phrase(text)
    runs = tuple(Run(part.text, part.strong) for part in segments(sentence))
    return runs, statements(claims, sentence)
