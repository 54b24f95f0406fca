"""What is the « so what » of the sheet, in one sentence of 120 characters?

Two facts at most, of two themes: two difficulties where themes are in difficulty, a
strength and a difficulty where both stand out, the distance to the EPCI where nothing does.
An elected official reads it at arm’s length: no figure but fractions and ranks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from terril.benchmarks.schema import Signal
from terril.fiches import lexicon as lx
from terril.fiches.claims import Claim, Values, about_signals, beats, ranked, states, versus
from terril.fiches.clauses import Scene, leaning
from terril.fiches.facts import Fact, Ref, SignalFact
from terril.fiches.highlights import Highlight
from terril.fiches.people import people
from terril.fiches.places import des_quartiers, quantity
from terril.lib.agreement import accorder
from terril.lib.dates import en_periode
from terril.lib.fractions import fraction
from terril.lib.french import Gender, de, en_lettres, liste, que
from terril.lib.prose import longueur, phrase, sans_gras

LENGTH: Final = 120
_CONSIDERED: Final = 9


@dataclass(slots=True)
class Short:
    """A fact in few words."""

    text: str
    claims: tuple[Claim, ...]
    tone: int
    score: float
    theme: str
    indicator: str
    kind: str  # fraction | rang | signal
    first: Fact | None = None  # the fact, when it is the first or the last of all


def headline(
    scene: Scene,
    found: Sequence[Highlight],
    signals: Mapping[str, SignalFact],
    labels: Mapping[str, str],
    population: Fact | None,
) -> tuple[str, tuple[Claim, ...]]:
    """The headline and what it claims. ``labels``: the themes that have a signal."""
    colours = [signals[theme].signal for theme in labels if theme in signals]
    shorts: list[Short] = []
    for item in found[:_CONSIDERED]:
        shorts.extend(_shorts(item, scene))
    average = colours.count(Signal.MOYEN)
    coloured = colours.count(Signal.DIFFICILE) + colours.count(Signal.FAVORABLE)
    if scene.total >= lx.MIN_RANKED and average >= 3 and coloured <= 1:
        text = _average(scene, found, shorts, signals, colours, len(labels))
        if text is not None:
            return text
    if shorts:
        shorts.extend(_as_signal(signals, labels))
    pair = _best_pair(scene, shorts, colours)
    if pair is not None:
        return pair
    if shorts:
        return _alone(scene, shorts, found, colours)
    if average and scene.total >= lx.MIN_RANKED:
        text = _average(scene, found, shorts, signals, colours, len(labels))
        if text is not None:
            return text
    return _bare(scene, found, population)


def _shorts(item: Highlight, scene: Scene) -> Iterator[Short]:
    """The ways to tell a fact in some fifty characters, so that good or bad is heard."""
    if item.tone == 0:
        return
    yield from _as_people(item)
    yield from _as_rank(item)


def _as_signal(signals: Mapping[str, SignalFact], labels: Mapping[str, str]) -> Iterator[Short]:
    """« l’habitat y est en difficulté »: when no fact of the theme is short enough."""
    for theme, label in labels.items():
        signal = signals.get(theme)
        if signal is None or signal.signal != Signal.DIFFICILE:
            continue
        values: Values = {"signal": signal.signal, "surete": signal.sureness}
        yield Short(
            f"{label} y {'sont' if label.startswith('les ') else 'est'} en difficulté",
            (about_signals(values, theme),), -1, 0.4 + (signal.sureness or 0.0), theme,
            f"signal.{theme}", "signal",
        )  # fmt: skip


def _as_people(item: Highlight) -> Iterator[Short]:
    """« plus d’un habitant sur deux vit sous le seuil », « un sur sept seulement… »."""
    fact = item.fact
    assert fact.value is not None
    if not fact.is_share_of_people:
        return
    epci = fact.refs.get("epci")
    far = lx.tone_against(fact, epci) if epci is not None else 0
    if far == -item.tone or (far == 0 and fact.known * 3 < fact.total * 2):
        return  # better than the other neighbourhoods, worse than the EPCI: a share misleads
    high = fact.sense == item.tone  # the share is felt as high
    part = fraction(fact.value, "high" if high else "low")
    if part is None or (not high and part.qualifier == "plus de"):
        return
    text = sans_gras(people(fact, part))
    if not high and not part.qualifier:
        words = f"sur {en_lettres(part.denominator)}"
        text = text.replace(words, f"{words} seulement", 1)
    yield Short(
        text, (states(fact, part),), item.tone, item.weight + 0.5, item.theme,
        fact.indicator, "fraction",
    )  # fmt: skip


def _as_rank(item: Highlight) -> Iterator[Short]:
    """« le revenu médian y est le plus élevé des 21 quartiers », « … plus rares que… »."""
    fact = item.fact
    topic = fact.phrase.topic
    tone = lx.tone_within(fact)
    if tone != item.tone or not topic or fact.known * 3 < fact.total * 2:
        return
    is_, gender = lx.copula(fact.phrase.topic_number), fact.phrase.topic_gender
    scale = fact.phrase.topic_scale
    end = lx.extreme(fact)
    if scale == "eleve":  # a level: « le plus élevé des 21 quartiers »
        if end is None:
            return
        word = lx.SCALES[scale][0 if end.sense == "haut" else 1]
        among = des_quartiers(fact.known, fact.total)
        alone = end.rank == 1 and not end.shared
        what = (
            f"le {accorder(word, gender)} {among}"
            if alone
            else f"parmi les {accorder(word, gender, 'p')} {among}"
        )
        yield Short(
            f"{topic} y {is_} {what}", (ranked(fact, end.sense),), tone,
            item.weight + 0.55 - 0.15 * end.rank, item.theme, fact.indicator, "rang",
            fact if alone else None,
        )  # fmt: skip
        return
    wide = lx.reach(fact, fact.side)
    if wide is None or wide[0] == "la plupart":
        return
    claim = (beats(fact, fact.side, lx.others_beaten(fact, fact.side), wide[0]),)
    yield Short(
        f"{topic} y {is_} {lx.topic_more_or_less(fact, fact.side)} que {wide[1]}", claim, tone,
        item.weight + (0.4 if wide[0] == "tous" else 0.1), item.theme, fact.indicator, "rang",
        fact if wide[0] == "tous" else None,
    )  # fmt: skip


def _best_pair(
    scene: Scene, shorts: Sequence[Short], colours: Sequence[str]
) -> tuple[str, tuple[Claim, ...]] | None:
    bad, good = colours.count(Signal.DIFFICILE), colours.count(Signal.FAVORABLE)
    best: tuple[float, str, tuple[Claim, ...]] | None = None
    for one in shorts:
        for two in shorts:
            if one.theme == two.theme or one.kind == "signal":
                continue
            text = _join(one, two)
            if longueur(text) + 1 > LENGTH:
                continue
            score = one.score * 1.1 + two.score
            score += _fit(one.tone, two.tone, bad, good)
            if one.kind == two.kind == "rang" and (one.tone != two.tone or not one.first):
                score -= 0.5
            score += 0.5 * leaning(f"{scene.qpv}{one.indicator}{two.indicator}{one.kind}")
            if best is None or score > best[0]:
                best = (score, text, (*one.claims, *two.claims))
    if best is None:
        return None
    return phrase(best[1]), best[2]


def _alone(
    scene: Scene, shorts: Sequence[Short], found: Sequence[Highlight], colours: Sequence[str]
) -> tuple[str, tuple[Claim, ...]]:
    """One fact, in the tone of the whole; and how far the EPCI is, when it is."""
    bad, good = colours.count(Signal.DIFFICILE), colours.count(Signal.FAVORABLE)
    wanted = 1 if good > bad else -1 if bad > good else 0
    best = max(shorts, key=lambda s: s.score + (1.0 if s.tone == wanted else 0.0))
    fact = next((item.fact for item in found if item.fact.indicator == best.indicator), None)
    epci = fact.refs.get("epci") if fact is not None else None
    if fact is not None and epci is not None and best.kind == "rang" and best.tone > 0:
        yet = _yet(fact, epci, scene)
        for tail in (yet, yet.removeprefix("nettement ")):
            text = f"{best.text}, mais {tail}"
            far = lx.tone_against(fact, epci) < 0 and epci.size == "strong"
            if far and longueur(text) + 1 <= LENGTH:
                return phrase(text), (*best.claims, versus(fact, epci))
    return phrase(best.text), best.claims


def _yet(fact: Fact, epci: Ref, scene: Scene) -> str:
    """« reste loin de l’agglomération », « nettement plus que dans l’agglomération »."""
    scale = fact.phrase.topic_scale
    if scale == "eleve":
        return f"reste loin {de(scene.epci.noun)}"
    than = que(scene.epci.inside)
    if scale in ("repandu", "fort"):
        return f"nettement {'plus' if epci.direction == 'higher' else 'moins'} {than}"
    return f"{lx.topic_more_or_less(fact, epci.direction, 'strong')} {than}"


def _fit(one: int, two: int, bad: int, good: int) -> float:
    """How well the tones of two facts render the whole of the signals."""
    if one == two == -1:
        return 1.5 if bad > good and bad >= 2 else -0.5 if good >= bad else 0.4
    if one == two == 1:
        return 1.2 if good > bad and good >= 3 else -1.0
    if one == 1:
        return 1.2 if good >= bad else 0.3
    return 1.0 if bad >= good and bad < 3 else 0.2


def _join(one: Short, two: Short) -> str:
    first, second = one.text, two.text
    if one.first and two.first:
        both = _both_first(one.first, two.first)
        if both is not None:
            return both
    if one.tone != two.tone:
        return f"{first}, mais {second}"
    return f"{first} ; {second}"


def _both_first(one: Fact, two: Fact) -> str | None:
    """« Le revenu médian et le taux d’emploi y sont les plus élevés des 21 quartiers »."""
    scale = one.phrase.topic_scale
    if one.phrase.gloss or two.phrase.gloss:
        return None  # a sigle and a plain word do not go together
    if scale != two.phrase.topic_scale or one.known != two.known or one.side != two.side:
        return None
    gender: Gender = "f" if one.phrase.topic_gender == two.phrase.topic_gender == "f" else "m"
    word = accorder(lx.SCALES[scale][0 if one.side == "higher" else 1], gender, "p")
    both = f"{one.phrase.topic} et {two.phrase.topic} y sont"
    if scale == "eleve":
        return f"{both} les {word} {des_quartiers(one.known, one.total)}"
    wide = lx.reach(one, one.side)
    return f"{both} {word} que {wide[1]}" if wide else None


def _average(
    scene: Scene,
    found: Sequence[Highlight],
    shorts: Sequence[Short],
    signals: Mapping[str, SignalFact],
    colours: Sequence[str],
    themes: int,
) -> tuple[str, tuple[Claim, ...]] | None:
    """Nothing stands out, or one theme alone: near the mean, but…

    « Proche de la moyenne des quartiers prioritaires, il reste loin de l’agglomération pour
    les revenus et l’orientation au lycée. »
    """
    values: Values = {signal.value: float(colours.count(signal)) for signal in Signal}
    claim = about_signals(values | {"themes": float(themes)})
    start = "proche de la moyenne des quartiers"
    # a theme apart, told by its own fact
    apart = {
        theme for theme, fact in signals.items()
        if fact.signal in (Signal.DIFFICILE, Signal.FAVORABLE)
    }  # fmt: skip
    turned = leaning(f"{scene.qpv}moyenne") < 0.65
    for short in sorted(shorts, key=lambda short: (short.theme not in apart, -short.score)):
        signal = signals.get(short.theme)
        if short.theme not in apart and not (turned and short.score > 1.8):
            continue
        if signal is None or (signal.signal, short.tone) in (
            (Signal.DIFFICILE, 1),
            (Signal.FAVORABLE, -1),
        ):
            continue
        link = ", mais" if short.tone < 0 else " ;"
        text = f"profil {start}{link} {short.text}"
        if longueur(text) + 1 <= LENGTH:
            return phrase(text), (claim, *short.claims)
    far: dict[str, tuple[str, Claim]] = {}
    for item in sorted(found, key=lambda item: not item.lead):
        epci, aspect = item.fact.refs.get("epci"), item.fact.phrase.aspect
        if epci is None or aspect is None or item.theme in far:
            continue
        if lx.tone_against(item.fact, epci) < 0 and epci.size == "strong":
            far[item.theme] = aspect, versus(item.fact, epci)
        if len(far) == 2:
            break
    told = list(far.values())
    while told:
        aspects = liste([aspect for aspect, _ in told])
        for begin in (f"{start} prioritaires", start):
            text = f"{begin}, il reste loin {de(scene.epci.noun)} pour {aspects}"
            if longueur(text) + 1 <= LENGTH:
                return phrase(text), (claim, *(c for _, c in told))
        told.pop()
    return None


def _bare(
    scene: Scene, found: Sequence[Highlight], population: Fact | None
) -> tuple[str, tuple[Claim, ...]]:
    """No rank, no signal: the leading figure if there is one, the population, or nothing."""
    for item in found:
        fact = item.fact
        epci = fact.refs.get("epci")
        if fact.value is None:
            continue
        text = f"{fact.phrase.subject} {lx.copula(fact.phrase.number)} de {fact.prose(fact.value)}"
        if epci is not None and epci.direction != "equal":
            text += f", contre {fact.prose(epci.value)} {scene.epci.inside}"
            if longueur(text) + 1 <= LENGTH:
                return phrase(text), (versus(fact, epci),)
        elif longueur(text) + 1 <= LENGTH:
            return phrase(text), (states(fact),)
    if population is not None and population.value is not None:
        number = population.prose(population.value)
        where = ""
        if len(scene.communes) > 1:
            where = f" sur {quantity(len(scene.communes))} communes"
        when = en_periode(population.period)
        text = f"un quartier de {number} habitants{where} {when}".rstrip()
        return phrase(f"{text}, sans autre donnée publiée"), (states(population),)
    return phrase("les données publiées ne permettent pas encore de décrire ce quartier"), ()
