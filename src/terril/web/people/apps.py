"""What must be heard from the start: sessions that open and close?"""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The people of the site."""

    name = "terril.web.people"
    verbose_name = "Personnes"

    def ready(self) -> None:
        """Listen to sessions."""
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from terril.web.people import sessions

        user_logged_in.connect(sessions.opened, dispatch_uid="terril.people.opened")
        user_logged_out.connect(sessions.left, dispatch_uid="terril.people.left")
