"""Who must sign in with a second factor?

Those who write for others: analysts, superusers, and whoever a room above says (an agent of a
contract). A room says so by a function that it registers when the site starts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings

from terril.web.people.models import Person, SecondFactor

Check = Callable[[Person], bool]
_CHECKS: Final[list[Check]] = []


def staff_check(check: Check) -> Check:
    """Register a function that says whether a person writes for others; usable as decorator."""
    if check not in _CHECKS:
        _CHECKS.append(check)
    return check


def is_staff(person: Person) -> bool:
    """Does this person write for others, here or in a room above?"""
    if person.is_analyst or person.is_superuser:
        return True
    return any(check(person) for check in _CHECKS)


def has_factor(person: Person) -> bool:
    """Has the person a second factor that is asked for?"""
    return SecondFactor.objects.filter(person=person, confirmed__isnull=False).exists()


def must_enrol(person: Person) -> bool:
    """Must the person choose a second factor before any private page?"""
    return settings.SECOND_FACTOR == "exige" and not has_factor(person) and is_staff(person)
