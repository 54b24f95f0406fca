"""Which sentences can be made of one fact?

Each function yields clauses that are true of the figures, with their claims. They are read
by :mod:`terril.fiches.compose`, which chooses. Nothing here knows an indicator: the words
come from the card.
"""

from __future__ import annotations

from collections.abc import Iterator

from terril.fiches import lexicon as lx
from terril.fiches.claims import ranked, states, versus
from terril.fiches.clauses import Clause, Scene, stance
from terril.fiches.facts import Fact
from terril.fiches.patterns_subject import changes, subjects
from terril.fiches.patterns_topic import aspects, topics
from terril.fiches.people import people, percent_people
from terril.fiches.places import des_quartiers
from terril.lib.dates import en_periode
from terril.lib.fractions import fraction
from terril.lib.french import de, en_lettres


def clauses(fact: Fact, scene: Scene) -> list[Clause]:
    """All the ways to say a known figure, each true, none chosen yet."""
    return scene.remember(fact, _clauses)


def _clauses(fact: Fact, scene: Scene) -> Iterator[Clause]:
    if fact.value is None:
        return
    if fact.is_share_of_people:
        yield from _fractions(fact, scene)
        yield from _percents(fact, scene)
    if fact.phrase.statement:
        yield from _statements(fact, scene)
    if fact.phrase.count_noun and not fact.is_share:
        yield from _counts(fact, scene)
        return
    yield from subjects(fact, scene)
    if fact.phrase.topic:
        yield from topics(fact, scene)
    if fact.judged:
        yield from aspects(fact, scene)
    yield from changes(fact)


# ------------------------------------------------------------------ people: « un sur six »


def _fractions(fact: Fact, scene: Scene) -> Iterator[Clause]:
    assert fact.value is not None
    part = fraction(fact.value, stance(fact))
    if part is None:
        return
    text = people(fact, part)
    exact = 0.3 if not part.qualifier else 0.0
    one = (fact.indicator,)
    yield Clause(
        text, (states(fact, part),), "fraction", "fraction", (), 0,
        (0.5 if not fact.refs else -0.4) + exact, one,
    )  # fmt: skip
    gender = fact.phrase.among_gender
    for ref, where in scene.places(fact):
        tone = lx.tone_against(fact, ref)
        if ref.direction == "equal":
            yield Clause(
                f"{text}, comme {where.inside}", (versus(fact, ref, fraction=part),),
                "fraction-comme", "fraction", (ref.comparator,), 0, 0.7 + exact, one,
            )  # fmt: skip
            continue
        if ref.size == "slight":
            words = "à peine plus" if ref.direction == "higher" else "presque autant"
            if lx.near(ref):
                yield Clause(
                    f"{text}, {words} {where.than}",
                    (versus(fact, ref, fraction=part, near=True),),
                    "fraction-autant", "fraction", (ref.comparator,), 0, 0.6 + exact, one,
                )  # fmt: skip
            continue
        times = lx.ratio_words(fact.value, ref.value)
        if times:
            yield Clause(
                f"{text}, {times} {where.than}",
                (versus(fact, ref, fraction=part, ratio=times),),
                "fraction-fois", "fraction", (ref.comparator,), tone, 1.25 + exact, one,
            )  # fmt: skip
        other = fraction(ref.value, "low" if ref.direction == "higher" else "high")
        if (
            other is not None
            and other.share != part.share
            and not (part.qualifier and other.qualifier)
        ):
            # « plus d’un sur trois » sounds high: not the word for what is too low
            sounds = -0.5 if part.qualifier == "plus de" and ref.direction == "lower" else 0.0
            yield Clause(
                f"{text}, contre {other.words(gender)} {where.inside}",
                (versus(fact, ref, fraction=part, ref_fraction=other),),
                "fraction-contre", "fraction", (ref.comparator,), tone,
                1.1 + exact + sounds + (0.2 if not other.qualifier else 0.0), one,
            )  # fmt: skip
    tail = rank_tail(fact)
    if tail is not None:
        words, sense = tail
        yield Clause(
            f"{text} : {words}", (ranked(fact, sense, part),), "fraction-rang", "fraction",
            ("qpv_rank",), lx.tone_within(fact), 1.25 + exact, one,
        )  # fmt: skip


def rank_tail(fact: Fact) -> tuple[str, str] | None:
    """What may follow a colon: « la part la plus faible des 19 quartiers connus »."""
    end = lx.extreme(fact)
    phrase = fact.phrase
    if end is not None and phrase.rank_noun:
        noun = phrase.rank_noun.split(" ")[0]
        return lx.superlative(fact, end, noun, phrase.rank_gender), end.sense
    order = lx.rank_words(fact)
    if order is not None and fact.judged:
        return f"{order} rang {des_quartiers(fact.known, fact.total)}", "favorable"
    return None


def _percents(fact: Fact, scene: Scene) -> Iterator[Clause]:
    assert fact.value is not None
    one = (fact.indicator,)
    # « un sur six » before « 17 % »
    plain = 0.3 if fraction(fact.value, stance(fact)) else 0.0
    for ref, where in scene.places(fact):
        if ref.direction == "equal" or ref.size == "slight":
            continue
        mine, other = fact.pair(fact.value, ref.value)
        only = fact.sense > 0 and ref.direction == "lower" and ref.size == "strong"
        yield Clause(
            f"{percent_people(fact, mine, only)}, contre {other} {where.inside}",
            (versus(fact, ref),), "pourcent-contre", "pourcent", (ref.comparator,),
            lx.tone_against(fact, ref), 1.1 - plain, one,
        )  # fmt: skip
    tail = rank_tail(fact)
    if tail is not None:
        words, sense = tail
        yield Clause(
            f"{percent_people(fact, fact.prose(fact.value))} : {words}",
            (ranked(fact, sense),), "pourcent-rang", "pourcent", ("qpv_rank",),
            lx.tone_within(fact), 1.2 - plain, one,
        )  # fmt: skip


# ------------------------------------------------------------------ a whole clause of the card


def statement_text(fact: Fact) -> str:
    """Fill the slot of the card's own clause with the figure."""
    assert fact.value is not None and fact.phrase.statement
    text = fact.phrase.statement
    if "{valeur}" in text:
        figure = fact.prose(fact.value)
        return text.replace("{valeur}", f"**{figure}**")
    head, _, rest = text.partition("{valeur:")
    nouns, _, tail = rest.partition("}")
    singular, _, plural = nouns.partition(":")
    words, whole = about(fact.value) or (fact.prose(fact.value), fact.value)
    figure = f"{words} {plural if whole >= 2 else singular}"
    return f"{head}**{figure}**{tail}"


def about(value: float) -> tuple[str, int] | None:
    """A small number in words when it is whole or nearly: « trois », « près de deux »."""
    whole = round(value)
    if not 1 <= whole <= 10 or abs(value - whole) > 0.1000001:
        return None
    word = en_lettres(whole)
    if value == whole:
        return word, whole
    return f"{'près' if value < whole else 'un peu plus'} {de(word)}", whole


def _statements(fact: Fact, scene: Scene) -> Iterator[Clause]:
    text = statement_text(fact)
    one = (fact.indicator,)
    yield Clause(text, (states(fact),), "enonce", "enonce", (), lx.tone_within(fact), 0.8, one)
    for ref, where in scene.places(fact):
        tone = lx.tone_against(fact, ref)
        if ref.direction == "equal":
            yield Clause(
                f"{text}, comme {where.inside}", (versus(fact, ref),), "enonce-comme",
                "enonce", (ref.comparator,), 0, 1.0, one,
            )  # fmt: skip
        elif fact.unit.symbol == "€":
            less = "de moins" if ref.direction == "lower" else "de plus"
            yield Clause(
                f"{text} : {fact.gap_text(ref.gap)} {less} {where.than}",
                (versus(fact, ref),), "enonce-ecart", "enonce", (ref.comparator,), tone, 1.3, one,
            )  # fmt: skip
        else:
            other = about(ref.value)
            words = other[0] if other and ref.value == other[1] else fact.prose(ref.value)
            yield Clause(
                f"{text}, contre {words} {where.inside}",
                (versus(fact, ref),), "enonce-contre", "enonce", (ref.comparator,), tone, 1.1, one,
            )  # fmt: skip
    tail = rank_tail(fact)
    if tail is not None:
        words, sense = tail
        yield Clause(
            f"{text} : {words}", (ranked(fact, sense),), "enonce-rang", "enonce",
            ("qpv_rank",), lx.tone_within(fact), 1.2, one,
        )  # fmt: skip


def _counts(fact: Fact, scene: Scene) -> Iterator[Clause]:
    """« Le quartier compte 606 demandeurs d’emploi fin 2018, dont 383 hommes »."""
    assert fact.value is not None
    text = count_text(fact)
    one = (fact.indicator,)
    yield Clause(text, (states(fact),), "nombre", "quartier", (), 0, 0.3, one)
    parts = [scene.facts[code] for code in fact.phrase.parts if code in scene.facts]
    parts = [part for part in parts if part.value is not None and part.period == fact.period]
    if len(parts) < 2:
        return
    most = max(parts, key=lambda part: (part.value or 0, part.indicator))
    if most.phrase.count_noun and most.value and fact.value > most.value >= 0.52 * fact.value:
        yield Clause(
            f"{text}, dont {most.prose(most.value)} {most.phrase.count_noun}",
            (states(fact), states(most)), "nombre-dont", "quartier", (), 0, 0.4, one,
        )  # fmt: skip


def count_text(fact: Fact) -> str:
    """« le quartier compte 606 demandeurs d’emploi fin 2018 »."""
    assert fact.value is not None and fact.phrase.count_noun
    noun = fact.phrase.count_noun
    figure = fact.prose(fact.value)
    return f"le quartier compte **{figure}** {noun} {en_periode(fact.period)}".rstrip()
