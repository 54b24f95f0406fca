"""Which messages wait, and does a server take them now?"""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from terril.lib.french import compte
from terril.web.people.mail import MOST, deliver_all
from terril.web.people.models import Outbox


class Command(BaseCommand):
    """``python -m django courriels`` ; ``--lister`` sends nothing."""

    help = "Envoie les messages qui attendent."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--lister", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, and say how many; fails when some are left."""
        if options["lister"]:
            for row in Outbox.objects.filter(sent=None):
                state = "abandonné" if row.tried >= MOST else compte(row.tried, "essai", "essais")
                self.stdout.write(f"{row.made:%Y-%m-%d %H:%M}\t{row.subject}\t{state}\t{row.error}")
            return
        gone, left = deliver_all()
        self.stdout.write(f"{compte(gone, 'message envoyé', 'messages envoyés')}.")
        if left:
            raise CommandError(
                f"{compte(left, 'message attend', 'messages attendent')} encore\u00a0: "
                "voyez «\u00a0terril courriels --lister\u00a0» et le réglage TERRIL_SMTP."
            )
