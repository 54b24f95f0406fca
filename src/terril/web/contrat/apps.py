"""What does the contract add to the workspace when it is loaded?"""

from __future__ import annotations

from django.apps import AppConfig


class ContratConfig(AppConfig):
    """The tree, the programme and the commitments."""

    name = "terril.web.contrat"
    label = "contrat"
    verbose_name = "Contrat"

    def ready(self) -> None:
        """Declare the panels, what awaits people, the entries of the menu."""
        from terril.web.contrat import awaiting, conversions, panels  # noqa: F401
        from terril.web.espace.navigation import entry

        entry(
            10, "Contrat", "contrat-arbre", "contrat-questions", "contrat-versions",
            "contrat-argent",
        )  # fmt: skip
        conversions.declare()
        entry(15, "Engagements", "engagements", "engagements-revue")
