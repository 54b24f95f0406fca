"""Which sentences say two facts at once, or a whole theme?

« Deux logements sur trois sont des logements sociaux occupés ; un sur six est vacant »,
« La CMU-C est moins répandue que dans la plupart des quartiers, mais l’ACS l’est
davantage », « Aucun indicateur ne s’écarte nettement de la moyenne des quartiers ».
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from terril.benchmarks.schema import Signal
from terril.fiches import lexicon as lx
from terril.fiches.claims import about_signals, beats, states
from terril.fiches.clauses import Clause, Scene
from terril.fiches.facts import Fact, SignalFact
from terril.fiches.people import people
from terril.lib.agreement import accorder
from terril.lib.fractions import fraction
from terril.lib.french import liste

#: at most that many standard deviations, and nothing « s’écarte nettement »
QUIET = 0.9
_QUIET_WORDS = (
    "aucun indicateur ne s’écarte nettement de la moyenne des quartiers",
    "les écarts à la moyenne des quartiers restent limités",
)


def pair_clauses(
    known: Sequence[Fact],
    weights: Mapping[str, float],
    scene: Scene,
    facts: Sequence[Fact],
    signal: SignalFact | None,
    used: int = 0,
) -> Iterator[Clause]:
    """All the clauses about several of the ``known`` facts; ``facts`` are all of the theme.

    ``used``: how many themes of the sheet were already said to be quiet.
    """
    for one, two in combinations(known, 2):
        weight = 0.75 * max(weights[one.indicator], weights[two.indicator]) + 0.35 * min(
            weights[one.indicator], weights[two.indicator]
        )
        yield from _same_people(one, two, weight)
        yield from _same_reach(one, two, weight)
    yield from _quiet(facts, signal, used)


def _same_people(one: Fact, two: Fact, weight: float) -> Iterator[Clause]:
    if not (one.is_share_of_people and two.is_share_of_people):
        return
    if one.phrase.among_plural != two.phrase.among_plural:
        return
    first, second = (one, two) if (one.value or 0) >= (two.value or 0) else (two, one)
    assert first.value is not None and second.value is not None
    part, rest = fraction(first.value), fraction(second.value)
    if part is None or rest is None or part.share == rest.share:
        return
    verb = second.phrase.verb_singular if rest.numerator == 1 else second.phrase.verb_plural
    tone = lx.tone_within(first)
    yield Clause(
        f"{people(first, part)} ; {rest.words(second.phrase.among_gender)} {verb}",
        (states(first, part), states(second, rest)), "paire", "fraction", (),
        tone if tone == lx.tone_within(second) else 0, 0.35 + weight,
        (first.indicator, second.indicator),
    )  # fmt: skip


def _same_reach(one: Fact, two: Fact, weight: float) -> Iterator[Clause]:
    """Two topics of one scale, against the other neighbourhoods: alike, or opposite."""
    if not (one.phrase.topic and two.phrase.topic):
        return
    if one.phrase.topic_scale != two.phrase.topic_scale or one.known != two.known:
        return
    wide, also = lx.reach(one, one.side), lx.reach(two, two.side)
    if wide is None or also is None:
        return
    claims = (
        beats(one, one.side, lx.others_beaten(one, one.side), wide[0]),
        beats(two, two.side, lx.others_beaten(two, two.side), also[0]),
    )
    both = (one.indicator, two.indicator)
    tone = lx.tone_within(one)
    if one.side == two.side and wide == also:
        gender = "f" if one.phrase.topic_gender == two.phrase.topic_gender == "f" else "m"
        more, less = lx.SCALES[one.phrase.topic_scale]
        word = accorder(more if one.side == "higher" else less, gender, "p")
        yield Clause(
            f"{liste([one.phrase.topic, two.phrase.topic])} sont {word} que {wide[1]}", claims,
            "theme-deux", "theme", ("qpv_rank",), tone if tone == lx.tone_within(two) else 0,
            0.55 + weight, both,
        )  # fmt: skip
    elif one.side != two.side and one.judged and two.judged and one.sense == two.sense:
        adjective = lx.topic_more_or_less(one, one.side)
        is_ = lx.copula(one.phrase.topic_number)
        also_is = "le sont" if two.phrase.topic_number == "p" else "l’est"
        more = "davantage" if two.side == "higher" else "moins"
        if one.phrase.topic_scale not in ("repandu", "frequent"):
            return
        if (one.side == "lower") == lx.SCALES[one.phrase.topic_scale][1].startswith("plus"):
            return  # « plus rares…, mais … le sont davantage » would say the contrary
        yield Clause(
            f"{one.phrase.topic} {is_} {adjective} que {wide[1]}, mais {two.phrase.topic} "
            f"{also_is} {more}",
            claims, "theme-mais", "theme", ("qpv_rank",), 0, 0.6 + weight, both,
        )  # fmt: skip


def _quiet(facts: Sequence[Fact], signal: SignalFact | None, used: int) -> Iterator[Clause]:
    """Nothing stands out, and that is what is said."""
    if used >= len(_QUIET_WORDS) or signal is None:
        return
    if signal.signal != Signal.MOYEN or signal.available < signal.expected:
        return
    compared = [fact for fact in facts if fact.z is not None]
    if len(compared) < 3 or any(
        abs(fact.z or 0) > QUIET or lx.extreme(fact, 2) is not None for fact in compared
    ):
        return
    largest = max(abs(fact.z or 0) for fact in compared)
    yield Clause(
        _QUIET_WORDS[used],
        (about_signals(
            {"indicateurs": float(len(compared)), "ecart_max": round(largest, 4)}, signal.theme
        ),),
        "calme", "aucun", ("qpv_mean",), 0, 4.0, (),
    )  # fmt: skip
