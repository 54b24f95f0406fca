"""Which sentences speak of the indicator by its name: « le taux de chômage atteint 44 % »?

Level, gap, rank, nearness to the mean, change since the former period. Read by
:mod:`terril.fiches.patterns`.
"""

from __future__ import annotations

from collections.abc import Iterator

from terril.fiches import lexicon as lx
from terril.fiches.claims import ranked, states, versus
from terril.fiches.clauses import Clause, Scene, leaning
from terril.fiches.facts import Fact, Ref
from terril.fiches.places import Place
from terril.lib.agreement import accorder
from terril.lib.dates import depuis
from terril.lib.french import de


def _verb(fact: Fact, high: str) -> str:
    plural = fact.phrase.number == "p"
    if fact.side == "higher" and high == "atteint":
        return "atteignent" if plural else "atteint"
    return "s’établissent à" if plural else "s’établit à"


def subjects(fact: Fact, scene: Scene) -> Iterator[Clause]:
    """Yield the clauses whose subject is the indicator itself."""
    assert fact.value is not None
    phrase = fact.phrase
    subject, one = phrase.subject, (fact.indicator,)
    figure = f"**{fact.prose(fact.value)}**"
    within = lx.tone_within(fact)
    verb = _verb(fact, "atteint" if fact.sense <= 0 else "")
    if not fact.refs:
        yield Clause(
            f"{subject} {verb} {figure}", (states(fact),), "sujet", "sujet", (), within, 0.3, one
        )
    is_, s = lx.copula(phrase.number), "s" if phrase.number == "p" else ""
    found = scene.places(fact)
    for ref, where in found:
        tone = lx.tone_against(fact, ref)
        if ref.direction == "equal":
            yield Clause(
                f"{subject} ({figure}) {is_} identique{s} à {_that(fact)} {where.of}",
                (versus(fact, ref),), "sujet-meme", "sujet", (ref.comparator,), 0, 0.65, one,
            )  # fmt: skip
            continue
        if lx.near(ref):
            yield Clause(
                f"{subject} ({figure}) {is_} proche{s} "
                f"de {_that(fact)} {where.of}",
                (versus(fact, ref, near=True),), "sujet-proche", "sujet", (ref.comparator,),
                0, 0.6, one,
            )  # fmt: skip
        if ref.size != "slight":
            below = accorder(
                "inférieur" if ref.direction == "lower" else "supérieur",
                phrase.gender, phrase.number,
            )  # fmt: skip
            points = leaning(f"{scene.qpv}{fact.indicator}ecart") < 0.5 or not fact.is_share
            if fact.unit.gap and points:
                yield Clause(
                    f"{subject} ({figure}) {is_} {below} {de(fact.gap_text(ref.gap))} "
                    f"à {_that(fact)} {where.of}",
                    (versus(fact, ref),), "sujet-ecart", "sujet", (ref.comparator,), tone,
                    0.8 if fact.is_share else 1.15, one,
                )  # fmt: skip
            else:
                mine, other = fact.pair(fact.value, ref.value)
                yield Clause(
                    f"{subject} {verb} **{mine}**, contre {other} {where.inside}",
                    (versus(fact, ref),), "sujet-contre", "sujet", (ref.comparator,), tone, 0.75,
                    one,
                )  # fmt: skip
            times = None if fact.unit.symbol == "€" else lx.ratio_words(fact.value, ref.value)
            if times:
                yield Clause(
                    f"{subject} {verb} {figure}, {times} {where.than}",
                    (versus(fact, ref, ratio=times),), "sujet-fois", "sujet",
                    (ref.comparator,), tone, 0.9, one,
                )  # fmt: skip
    end = lx.extreme(fact)
    if end is not None:
        what = lx.superlative_attribute(fact, end, phrase.gender, phrase.number)
        yield Clause(
            f"{subject}, {figure}, {is_} {what}", (ranked(fact, end.sense),),
            "sujet-rang", "sujet", ("qpv_rank",), within, 1.0, one,
        )  # fmt: skip
    yield from _average(fact, found)


def _that(fact: Fact) -> str:
    """The pronoun that stands for the subject: celui, celle, ceux, celles."""
    return {"ms": "celui", "fs": "celle", "mp": "ceux", "fp": "celles"}[
        fact.phrase.gender + fact.phrase.number
    ]


def _average(fact: Fact, found: list[tuple[Ref, Place]]) -> Iterator[Clause]:
    """« Le taux d’emploi est celui d’un quartier prioritaire moyen : 38 %, contre 52 %… »."""
    mean = fact.refs.get("qpv_mean")
    if mean is None or not lx.near(mean) or fact.known < lx.MIN_RANKED or fact.value is None:
        return
    subject, is_ = fact.phrase.subject, lx.copula(fact.phrase.number)
    one = (fact.indicator,)
    figure = f"**{fact.prose(fact.value)}**"
    claim = versus(fact, mean, near=True)
    close = "proches" if fact.phrase.number == "p" else "proche"
    yield Clause(
        f"{subject} ({figure}) {is_} {close} de la moyenne des quartiers", (claim,),
        "moyenne", "sujet", ("qpv_mean",), 0, 0.35, one,
    )  # fmt: skip
    for ref, where in found:
        if ref.comparator != "epci" or ref.size == "slight":
            continue
        mine, other = fact.pair(fact.value, ref.value)
        yield Clause(
            f"{subject} {is_} {_that(fact)} d’un quartier prioritaire moyen : **{mine}**, "
            f"contre {other} {where.inside}",
            (claim, versus(fact, ref)), "moyenne-contre", "sujet", ("qpv_mean", "epci"),
            lx.tone_against(fact, ref), 0.95, one,
        )  # fmt: skip


def changes(fact: Fact) -> Iterator[Clause]:
    """« La part des ménages imposés a reculé de 2,1 points depuis 2014 »."""
    ref = fact.refs.get("previous")
    if ref is None or fact.value is None:
        return
    phrase, one = fact.phrase, (fact.indicator,)
    plural = phrase.number == "p"
    since = depuis(ref.period)
    tone = fact.sense * {"higher": 1, "lower": -1, "equal": 0}[ref.direction]
    if ref.direction == "equal":
        verb = "n’ont pas changé" if plural else "n’a pas changé"
        text = f"{phrase.subject} {verb} {since}"
    else:
        have = "ont" if plural else "a"
        verb = "augmenté" if ref.direction == "higher" else "reculé"
        text = f"{phrase.subject} {have} {verb} {de(fact.gap_text(ref.gap))} {since}"
    yield Clause(
        text, (versus(fact, ref),), "evolution", "sujet", ("previous",), tone,
        0.5 if ref.size == "slight" else 1.2, one,
    )  # fmt: skip
