"""What must be known from the start: panels, what awaits, what is heard of saved rows?"""

from __future__ import annotations

from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    """The participation of residents."""

    name = "terril.web.participation"
    label = "participation"
    verbose_name = "Participation"

    def ready(self) -> None:
        """Declare what the workspace shows, and listen to the versions of rows."""
        from django.db.models.signals import post_save

        from terril.web.espace.models import Revision
        from terril.web.espace.navigation import entry
        from terril.web.participation import heard, objects, shown, waiting  # noqa: F401

        post_save.connect(heard.saved, sender=Revision, dispatch_uid="terril.participation.saved")
        entry(
            30, "Participation", "participation", "marche", "besoins", "relire-besoin",
            "relire-photo", "reponse-participation",
        )  # fmt: skip
