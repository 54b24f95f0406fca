"""What is said of the figures that are not there?

Secret is not missing: the reader is told which figures are covered, and which nobody has
published. Neighbouring names are put together: « Les retards en 6e et en 3e ».
"""

from __future__ import annotations

from collections.abc import Sequence

from terril.fiches.claims import unknown
from terril.fiches.clauses import Clause
from terril.fiches.facts import Fact
from terril.lib.agreement import accorder, pluriel_groupe
from terril.lib.french import Gender, Number, liste
from terril.observations.schema import Status

SECRET = (Status.SECRET,)
MISSING = (Status.MISSING, Status.NOT_APPLICABLE, Status.NOT_SIGNIFICANT)

_LONGEST = 150  # characters for what is not known


def name(fact: Fact) -> tuple[str, Gender, Number]:
    """The shortest name with its article, its gender and number."""
    phrase = fact.phrase
    if phrase.brief:
        plural: Number = "p" if phrase.brief.startswith("les ") else "s"
        return phrase.brief, phrase.brief_gender, plural
    return phrase.subject, phrase.gender, phrase.number


def together(facts: Sequence[Fact]) -> tuple[str, Gender, Number]:
    """Name several facts at once: « les retards en 6e et en 3e », « le taux a et la part b ».

    Names that begin with the same article and noun are said once, in the plural.
    """
    names = [name(fact) for fact in facts]
    if len(names) == 1:
        return names[0]
    gender: Gender = "f" if all(g == "f" for _, g, _ in names) else "m"
    heads = {" ".join(text.split(" ")[:2]) for text, _, _ in names}
    tails = [" ".join(text.split(" ")[2:]) for text, _, _ in names]
    if len(heads) == 1 and all(tails) and all(n == "s" for _, _, n in names):
        return f"{pluriel_groupe(heads.pop())} {liste(tails)}", names[0][1], "p"
    return liste([text for text, _, _ in names]), gender, "p"


def secret_clause(facts: Sequence[Fact]) -> Clause | None:
    """« Les retards en 6e et en 3e sont couverts par le secret statistique »."""
    covered = [fact for fact in facts if fact.status in SECRET]
    if not covered:
        return None
    text, gender, number = together(covered[:3])
    is_ = "sont" if number == "p" else "est"
    return Clause(
        f"{text} {is_} {accorder('couvert', gender, number)} par le secret statistique",
        tuple(unknown(fact) for fact in covered[:3]),
        "secret", "secret", (), 0, 0.0, tuple(fact.indicator for fact in covered[:3]),
    )  # fmt: skip


def missing_clause(facts: Sequence[Fact]) -> Clause | None:
    """« La part des ménages imposés n’est pas publiée »."""
    absent = [fact for fact in facts if fact.status in MISSING]
    if not absent:
        return None
    text, gender, number = together(absent[:2])
    verb = "ne sont pas" if number == "p" else "n’est pas"
    return Clause(
        f"{text} {verb} {accorder('connu', gender, number)}",
        tuple(unknown(fact) for fact in absent[:2]),
        "absent", "secret", (), 0, 0.0, tuple(fact.indicator for fact in absent[:2]),
    )  # fmt: skip


def both_clauses(secret: Clause, missing: Clause) -> Clause:
    """Both in one sentence, or the secret alone when it would be too long."""
    text = f"{secret.text} ; {missing.text}"
    if len(text) > _LONGEST:
        return secret
    return Clause(
        text, (*secret.claims, *missing.claims), "secret", "secret", (), 0, 0.0,
        (*secret.indicators, *missing.indicators),
    )  # fmt: skip
