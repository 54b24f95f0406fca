"""Which sentences speak of what is counted: « les familles monoparentales sont plus rares »?

Against the other neighbourhoods, against the commune and the EPCI; strengths. Read by
:mod:`terril.fiches.patterns`.
"""

from __future__ import annotations

from collections.abc import Iterator

from terril.fiches import lexicon as lx
from terril.fiches.claims import beats, ranked, versus
from terril.fiches.clauses import Clause, Scene
from terril.fiches.facts import Fact
from terril.fiches.people import percent_people
from terril.fiches.places import des_quartiers
from terril.lib.agreement import accorder
from terril.lib.french import elision


def topics(fact: Fact, scene: Scene) -> Iterator[Clause]:
    """Yield the clauses whose subject is what is counted; the card must have a topic."""
    phrase = fact.phrase
    topic, one = phrase.topic, (fact.indicator,)
    assert topic is not None and fact.value is not None
    is_ = lx.copula(phrase.topic_number)
    figure = f" (**{fact.prose(fact.value)}**)"
    within = lx.tone_within(fact)
    side = fact.side
    if side in ("higher", "lower"):
        wide = lx.reach(fact, side)
        if wide is not None:
            name, others = wide
            adjective = lx.topic_more_or_less(fact, side)
            yield Clause(
                f"{topic}{figure} {is_} {adjective} que {others}",
                (beats(fact, side, lx.others_beaten(fact, side), name),), f"theme-{name}",
                "theme", ("qpv_rank",), within,
                {"tous": 0.95, "presque tous": 1.05, "la plupart": 0.8}[name], one,
            )  # fmt: skip
            if name == "tous":
                yield Clause(
                    f"dans aucun autre quartier, {topic} {elision('ne', is_)} aussi "
                    f"{lx.topic_as(fact, side)}{figure}",
                    (beats(fact, side, lx.others_beaten(fact, side), name),), "theme-aucun",
                    "aucun", ("qpv_rank",), within, 1.1, one,
                )  # fmt: skip
    for ref, where in scene.places(fact):
        if ref.direction == "equal":
            continue
        if ref.size == "slight" and (lx.near(ref) or ref.spread is None):
            continue
        adjective = lx.topic_more_or_less(fact, ref.direction, ref.size)
        yield Clause(
            f"{topic}{figure} {is_} {adjective} {where.than}", (versus(fact, ref),),
            "theme-que", "theme", (ref.comparator,), lx.tone_against(fact, ref), 0.7, one,
        )  # fmt: skip
    both = [(ref, where) for ref, where in scene.places(fact) if ref.size != "slight"]
    if len(both) == 2 and len({ref.direction for ref, _ in both}) == 1:
        (near, here), (far, there) = both
        weakest = "plain" if "plain" in (near.size, far.size) else "strong"
        adjective = lx.topic_more_or_less(fact, near.direction, weakest)
        yield Clause(
            f"{topic}{figure} {is_} {adjective} {here.than} et {there.than}",
            (versus(fact, near), versus(fact, far)), "theme-que-et", "theme",
            (near.comparator, far.comparator), lx.tone_against(fact, near), 0.8, one,
        )  # fmt: skip


def aspects(fact: Fact, scene: Scene) -> Iterator[Clause]:
    """« L’orientation au lycée est un atout : deuxième rang des 21 quartiers »."""
    order = lx.rank_words(fact)
    if order is None or fact.rank is None or fact.value is None:
        return
    if fact.rank > 3 or lx.tone_within(fact) <= 0 or fact.known < 8:
        return
    one, phrase = (fact.indicator,), fact.phrase
    figure = f"**{fact.prose(fact.value)}**"
    among = f"rang {des_quartiers(fact.known, fact.total)}"
    claim = (ranked(fact, "favorable"),)
    if phrase.aspect and fact.sense > 0:
        is_ = "sont" if phrase.aspect.startswith("les ") else "est"
        told = f"{order} {among}"
        if fact.is_share_of_people:
            told = f"{percent_people(fact, fact.prose(fact.value))}, {told}"
        yield Clause(
            f"{phrase.aspect} {is_} un atout : {told}", claim,
            "atout", "atout", ("qpv_rank",), 1, 1.15, one,
        )  # fmt: skip
    if (
        phrase.topic
        and fact.sense < 0
        and phrase.topic_scale in ("nombreux", "frequent")
        and (fact.value <= 20)
    ):
        is_ = lx.copula(phrase.topic_number)
        rare = accorder("rare", phrase.topic_gender, phrase.topic_number)
        yield Clause(
            f"{phrase.topic} {is_} {rare} : {figure}, {order} {among}", claim,
            "rare", "theme", ("qpv_rank",), 1, 1.05, one,
        )  # fmt: skip
