"""How is the workspace tied to the rest of the site when it is loaded?"""

from __future__ import annotations

from django.apps import AppConfig


class EspaceConfig(AppConfig):
    """The workspace."""

    name = "terril.web.espace"
    label = "espace"
    verbose_name = "Espace de travail"

    def ready(self) -> None:
        """Tell the accounts who is staff, what is held on a person, what awaits her."""
        from terril.web.espace import ties

        ties.tie()
