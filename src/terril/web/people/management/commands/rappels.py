"""Who is told today what awaits her?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from terril.lib.french import compte
from terril.web.people.digests import remind
from terril.web.people.mail import deliver_all
from terril.web.people.models import Person


class Command(BaseCommand):
    """``python -m django rappels``, once a day; run again the same day, it repeats nothing."""

    help = "Envoie à chacun ce qui l’attend, au rythme qu’il a choisi."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the messages that are due, then send all that wait."""
        today = timezone.localdate()
        people = Person.objects.filter(is_active=True, deleted=None).order_by("pk")
        written = sum(remind(person, today) is not None for person in people.iterator())
        _, left = deliver_all()
        self.stdout.write(f"{compte(written, 'rappel écrit', 'rappels écrits')}.")
        if left:
            raise CommandError(
                f"{compte(left, 'message attend', 'messages attendent')} encore un serveur\u00a0: "
                "ils repartiront avec «\u00a0terril courriels\u00a0»."
            )
