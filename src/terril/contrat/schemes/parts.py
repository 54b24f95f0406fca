"""How is an amount shared between places so that the parts make the amount, to the cent?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import lcm

from terril.contrat.schemes.results import CENT


def split(amount: Decimal, weights: Sequence[int | Decimal | Fraction]) -> tuple[Decimal, ...]:
    """Share ``amount`` (euros and cents) in proportion to ``weights``, by largest remainder.

    Each part is the exact share cut down to the cent, or one cent more; the cents that are left
    go to the largest remainders, the first places before the others when these are equal. A
    weight of zero gets nothing. Raises ``ValueError`` for an amount finer than the cent, a
    negative amount or weight, or weights that are all zero.
    """
    shares = _whole(weights)
    whole = sum(shares)
    cents = Fraction(amount) / Fraction(CENT)
    if cents.denominator != 1 or cents < 0:
        raise ValueError(f"{amount} n’est pas un montant en euros et centimes")
    if whole <= 0 or min(shares) < 0:
        raise ValueError("la clé de répartition doit avoir des parts positives")
    parts, rests = zip(*(divmod(cents.numerator * share, whole) for share in shares), strict=True)
    left = cents.numerator - sum(parts)
    order = sorted(range(len(parts)), key=lambda place: (-rests[place], place))
    more = set(order[:left])
    return tuple((part + (place in more)) * CENT for place, part in enumerate(parts))


def _whole(weights: Sequence[int | Decimal | Fraction]) -> list[int]:
    """The same proportions in whole numbers."""
    exact = [Fraction(weight) for weight in weights]
    scale = lcm(*(weight.denominator for weight in exact))
    return [int(weight * scale) for weight in exact]


def typed_key(text: str | None) -> tuple[Decimal, ...] | None:
    """Read a key typed by hand: « 60 ; 40 », « 12,5 ; 87,5 ».

    ``None`` when it is blank or when a part is no number, is negative, or when all are zero.
    """
    if not text or not text.strip():
        return None
    try:
        parts = tuple(
            Decimal(part.strip().rstrip("%").strip().replace(",", ".")) for part in text.split(";")
        )
    except InvalidOperation:
        return None
    if not all(part.is_finite() and part >= 0 for part in parts) or not any(parts):
        return None
    return parts
