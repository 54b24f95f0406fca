"""What does an application server call?"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "terril.web.settings")
application = get_wsgi_application()


def _warm() -> None:
    """Read what every page of the newest edition needs before the first reader asks."""
    from terril.lib.problems import ProblemsError
    from terril.web.design.context import shelf

    try:
        look = shelf().latest()
        if look is not None:
            _ = look.catalogue, look.neighbourhoods, look.names, look.contracts, look.index
    except (OSError, ProblemsError):
        return  # the page that needs it says what is wrong


_warm()
