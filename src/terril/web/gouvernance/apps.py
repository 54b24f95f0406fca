"""How are the meetings tied to the workspace when they are loaded?"""

from __future__ import annotations

from django.apps import AppConfig


class GouvernanceConfig(AppConfig):
    """The meetings of the contract."""

    name = "terril.web.gouvernance"
    label = "gouvernance"
    verbose_name = "Gouvernance"

    def ready(self) -> None:
        """Declare its entries of the menu, what awaits people, what it adds to pages of rows."""
        from terril.web.espace.navigation import entry
        from terril.web.gouvernance import added, awaiting  # noqa: F401

        entry(20, "Agenda", "agenda", "calendrier-legal", "preparer-annee")
        entry(21, "Réunions", "instances", "instance", "reunion", "reunion-inviter",
              "reunion-compte-rendu", "assiduite")  # fmt: skip
