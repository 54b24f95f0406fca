"""How is a resident told that her need was answered, and her address forgotten?"""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from terril.contrat.participation.needs import ANSWERED
from terril.contrat.participation.traces import earlier
from terril.web.espace.cards import cards
from terril.web.participation.models import Raised
from terril.web.people import mail


def tell_resident(entry: int) -> bool:
    """Send the answer of a need to the address that was left with it, and erase the address.

    ``entry``: key of the row. Nothing is done, and ``False`` returned, before there is an answer
    or when no address was left. The message stays in the outbox until a server takes it.
    """
    with transaction.atomic():
        found = (
            Raised.objects.select_for_update()
            .select_related("entry__contract")
            .filter(entry=entry)
            .exclude(email="")
            .first()
        )
        if found is None:
            return False
        values = found.entry.values
        if values.get("etat") not in ANSWERED or not values.get("reponse"):
            return False
        contract = found.entry.contract
        path = reverse("suivi", args=[contract.code, found.code])
        mail.send(
            found.email,
            "Une réponse à ce que vous avez demandé",
            "participation/courriel_reponse.txt",
            {
                "contract": contract.name,
                "answer": values["reponse"],
                "link": f"{mail.base_address()}{path}",
            },
        )
        found.email = ""
        found.save(update_fields=["email"])
    return True


def forget_addresses() -> int:
    """Erase the addresses kept for too long without an answer; return how many.

    The time is that of the parameter « participation_courriel_mois ».
    """
    months = int(cards().number("participation_courriel_mois"))
    limit = earlier(timezone.localdate(), months)
    return Raised.objects.filter(at__date__lt=limit).exclude(email="").update(email="")
