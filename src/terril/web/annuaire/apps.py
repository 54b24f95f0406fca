"""How is the directory tied to the workspace when it is loaded?"""

from __future__ import annotations

from django.apps import AppConfig


class AnnuaireConfig(AppConfig):
    """The directory of operators."""

    name = "terril.web.annuaire"
    label = "annuaire"
    verbose_name = "Annuaire"

    def ready(self) -> None:
        """Declare its entry of the menu, what awaits people, what it adds to pages of rows."""
        from terril.web.annuaire import added, due  # noqa: F401
        from terril.web.espace.navigation import entry

        entry(40, "Annuaire", "annuaire-espace", "annuaire-fiche", "annuaire-relire",
              "annuaire-doublons")  # fmt: skip
