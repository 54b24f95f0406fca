"""Which sentences make the text of a theme, and in which order?

Facts are weighed by what stands out: distance to the mean of the neighbourhoods, place at
an end of the order, gap to the EPCI, weight in the pictogram. Then sentences are taken one
after the other while there is room: never the same pattern twice running, seldom the same
opening or comparator, a « mais » where good news follows bad. Equal choices turn with the
content (a checksum), so that twenty sheets do not sing the same song and the same figures
always give the same text. A sentence is never cut: what does not fit is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import Final

from terril.benchmarks.schema import Signal
from terril.fiches import lexicon as lx
from terril.fiches.clauses import Clause, Scene, leaning
from terril.fiches.facts import Fact, SignalFact
from terril.fiches.pairs import pair_clauses
from terril.fiches.patterns import clauses
from terril.fiches.silence import both_clauses, missing_clause, secret_clause
from terril.lib.prose import longueur, phrase

THEME_LENGTH: Final = 230
SHORTEST: Final = 35  # a sentence needs that room at least
MOST: Final = 3  # sentences in a theme text
_CONSIDERED: Final = 5  # facts looked at, the most salient


@dataclass(slots=True)
class Memory:
    """What the sheet has already used, for variety from block to block."""

    patterns: Counter[str] = field(default_factory=Counter)
    last: str = ""
    indicators: set[str] = field(default_factory=set)


def salience(fact: Fact, signal: SignalFact | None = None) -> float:
    """How much a known figure stands out; 0 when the value is unknown."""
    if fact.value is None:
        return 0.0
    score = 0.1
    if fact.z is not None and fact.known >= lx.MIN_RANKED:
        score += min(abs(fact.z), 2.5)
        if not fact.judged:
            score -= 0.35 * min(abs(fact.z), 2.5)
    end = lx.extreme(fact)
    if end is not None:
        score += {1: 0.8, 2: 0.5, 3: 0.25}[end.rank] * (0.5 if end.shared else 1.0)
    epci = fact.refs.get("epci")
    if epci is not None and epci.spread is not None:
        score += 0.2 * min(abs(epci.spread), 3.0)
    elif epci is not None:
        score += 0.3
    if fact.pictogram:
        score += 0.35
    if fact.phrase.count_noun and not fact.is_share:
        score = 0.05
    if signal is not None and fact.judged:
        tone = lx.tone_within(fact)
        if (signal.signal, tone) in ((Signal.DIFFICILE, -1), (Signal.FAVORABLE, 1)):
            score += 0.4
    return score


def theme_sentences(
    facts: Sequence[Fact],
    scene: Scene,
    signal: SignalFact | None,
    memory: Memory,
    aside: Set[str] = frozenset(),
    limit: int = THEME_LENGTH,
) -> list[tuple[str, Clause]]:
    """Choose the sentences of a theme: (sentence, clause) in order, ``limit`` characters in all.

    ``facts``: those of the block, known or not, the most important first; ``aside``: the
    indicators that the table does not show, told only when they stand out.
    """
    known = [fact for fact in facts if fact.value is not None]
    closing = _silence(facts, known)
    room = limit - (len(phrase(closing.text)) + 1 if closing else 0)
    most = MOST - (closing is not None)
    pool = _pool(facts, known, scene, signal, memory, aside)
    chosen: list[tuple[str, Clause]] = []
    used: set[str] = set()
    but = False
    while len(chosen) < most and room >= SHORTEST:
        before = chosen[-1][1] if chosen else None
        clause = _best(pool, used, chosen, memory, signal, room)
        if clause is None:
            break
        text = clause.text
        if before is not None and not but and before.tone * clause.tone < 0:
            text, but = f"mais {text}", True
        sentence = phrase(text)
        chosen.append((sentence, clause))
        room -= longueur(sentence) + 1
        used.update(clause.indicators)
        memory.patterns[clause.pattern] += 1
        memory.last = clause.pattern
    if closing is not None:
        item = (phrase(closing.text), closing)
        chosen.insert(0, item) if len(closing.indicators) > 1 else chosen.append(item)
    memory.indicators.update(used)
    return chosen


def _pool(
    facts: Sequence[Fact],
    known: list[Fact],
    scene: Scene,
    signal: SignalFact | None,
    memory: Memory,
    aside: Set[str],
) -> list[tuple[float, Clause]]:
    """The clauses of the most salient facts, weighed, the best first."""
    weights = {
        fact.indicator: salience(fact, signal)
        + 0.5 * (1 - order / len(known))
        - (2.2 if fact.indicator in aside else 0.0)
        for order, fact in enumerate(known)
    }
    top = sorted(known, key=lambda fact: -weights[fact.indicator])[:_CONSIDERED]
    found: list[tuple[float, Clause]] = []
    for fact in top:
        weight, within = weights[fact.indicator], lx.tone_within(fact)
        for clause in clauses(fact, scene):
            # among the best of the neighbourhoods, told as a failing: true, but it misleads
            belied = 0.7 if clause.tone * within < 0 else 0.0
            found.append((clause.score + weight - belied, clause))
    for clause in pair_clauses(top, weights, scene, facts, signal, memory.patterns["calme"]):
        found.append((clause.score, clause))
    pool = []
    worn = memory.patterns
    for score, clause in found:
        told = clause.indicators
        key = f"('{told[0]}',)" if len(told) == 1 else told
        turn = leaning(f"{scene.qpv}{key}{clause.pattern}")
        pool.append((score + 0.5 * turn - 0.35 * worn[clause.pattern], clause))
    pool.sort(key=lambda item: -item[0])
    return pool


def _best(
    pool: Sequence[tuple[float, Clause]],
    used: set[str],
    chosen: Sequence[tuple[str, Clause]],
    memory: Memory,
    signal: SignalFact | None,
    room: int,
) -> Clause | None:
    """The clause worth most after what is already said, that fits whole; None if none is."""
    best: Clause | None = None
    worth = 0.75 if chosen else -99.0
    margin = 5 if chosen else 0  # « mais »
    for score, clause in pool:
        count = clause.opening == "quartier" and bool(chosen)  # a plain count may close a text
        floor = worth - 0.6 if count else worth
        if score <= floor or not used.isdisjoint(clause.indicators):
            continue
        value = score - _cost(clause, chosen, memory, signal)
        if value <= floor or clause.length() + margin > room:
            continue
        best, worth = clause, value
    return best


def _silence(facts: Sequence[Fact], known: Sequence[Fact]) -> Clause | None:
    """The sentence about what is covered or absent: owed when a signal rests on it."""
    unknown = [fact for fact in facts if fact.value is None]
    if not unknown:
        return None
    owed = [fact for fact in unknown if fact.pictogram]
    secret = secret_clause(unknown)
    if secret is not None and not (
        len(secret.indicators) > 1 or any(f.indicator in secret.indicators for f in owed)
    ):
        secret = None
    missing = missing_clause(owed if owed or known else unknown)
    if secret is not None and missing is not None:
        return both_clauses(secret, missing)
    return secret or missing


def _cost(
    clause: Clause,
    chosen: Sequence[tuple[str, Clause]],
    memory: Memory,
    signal: SignalFact | None,
) -> float:
    """What it costs to repeat a pattern, an opening, a comparator, or to belie the signal."""
    cost = 0.0
    if not chosen:
        if clause.pattern == memory.last:
            cost += 0.8
        if signal is not None:
            against = {Signal.FAVORABLE: -1, Signal.DIFFICILE: 1}.get(Signal(signal.signal), 9)
            if clause.tone == against:
                cost += 1.2
        return cost
    if clause.pattern == "calme":
        return 99.0  # it opens a text or is not said
    before = chosen[-1][1]
    ranked = clause.pattern.endswith("rang")
    if clause.pattern == before.pattern:
        cost += 5.0
    for _, other in chosen:
        if clause.opening == other.opening:
            cost += 0.9
        if clause.pattern == other.pattern:
            cost += 1.0
        if other.pattern == "calme" and "qpv_rank" in clause.comparators:
            cost += 2.0
        if ranked and other.pattern.endswith("rang"):
            cost += 0.8
        cost += 0.35 * len(set(clause.comparators) & set(other.comparators))
    return cost
