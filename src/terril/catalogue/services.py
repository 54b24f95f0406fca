"""Which service on the internet may be asked, where is it, and what does it receive?"""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from terril.catalogue.schema import Card, Text

Base = Annotated[str, StringConstraints(pattern=r"^https?://\S+[^/\s]$")]


class Service(Card):
    """One service. A card of a project under the same code sends the questions elsewhere."""

    label: Text  # « Géoplateforme, géocodage »
    producer: Text
    url: Base  # what the paths of the service are added to, without its last slash
    page: Text  # where a person reads about it
    receives: Text  # what leaves the machine, a whole sentence
    licence: Text | None = None
    reference: Text
