"""How is a second factor put in force?"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from terril.web.people.factor import new_codes, took_step
from terril.web.people.journal import note
from terril.web.people.models import Person, SecondFactor
from terril.web.people.refusal import Refusal, RefusedError


@transaction.atomic
def confirm_factor(person: Person, code: str) -> list[str]:
    """Put the second factor in force once its first code is right; return the codes of recovery.

    Raises ``RefusedError`` when none is begun, when it is in force already, or on a wrong code.
    """
    factor = SecondFactor.objects.select_for_update().filter(person=person).first()
    if factor is None:
        raise RefusedError(Refusal("Commencez par afficher le code à photographier.", 409))
    if factor.confirmed is not None:
        raise RefusedError(Refusal("Votre second facteur est déjà en place.", 409))
    text = "".join(code.split())
    if not (text.isascii() and text.isdigit() and len(text) == 6 and took_step(factor, text)):
        raise RefusedError(
            Refusal(
                "Ce code n’est pas le bon. Prenez celui que l’application montre en ce moment, et "
                "vérifiez que votre téléphone est à l’heure.",
                400,
            )
        )
    SecondFactor.objects.filter(pk=factor.pk).update(confirmed=timezone.now())
    note(person, "second facteur mis en place", "compte", subject=person)
    return new_codes(person)
