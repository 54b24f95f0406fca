"""Which official file can be fetched, from where, and how is it known to be the right one?

A *download* names a data set of data.gouv.fr and the words by which its file is found there,
or a fixed address; what the file is, who makes it, under which licence and vintage; and what
it must hold to be taken.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, model_validator

from terril.catalogue.schema import Card, Code, Text

#: what the address of a file may hold, replaced by the department asked for
DEPARTMENT: Final = "{departement}"

Address = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9{][a-z0-9._{}-]*$")]
Format = Literal["geojson", "gpkg", "shp", "csv", "parquet", "zip"]


class Declaration(Card):
    """How the file is declared in ``terril.toml`` once it is here: ``[[table]]`` and its keys."""

    table: Literal["entrees", "perimetres", "points", "dessertes", "microdonnees", "projet"]
    keys: dict[str, Text]


class Download(Card):
    """One official file.

    ``dataset`` and ``words``: the data set of data.gouv.fr, and the words that the title or the
    name of the file must all hold (``without``: none of these). ``url``: a fixed address, when
    the file is not on data.gouv.fr; it may hold ``{departement}``. ``format`` is that of the file
    kept; ``archive`` that of what is fetched when it must be opened first, ``member`` the words
    by which the file is found in a zip. ``columns``: heads that a CSV must have, or properties
    that a GeoJSON must.
    """

    label: Text  # « Périmètres des quartiers prioritaires de 2024 »
    group: Code  # perimetres, listes, communes, adresses, equipements, carreaux
    producer: Text
    licence: Text
    vintage: Text
    page: Address  # where a person reads about it
    dataset: Text | None = None
    words: tuple[Text, ...] = ()
    without: tuple[Text, ...] = ()
    url: Address | None = None
    file: FileName  # name once written
    format: Format
    archive: Literal["zip", "gz"] | None = None
    member: tuple[Text, ...] = ()
    columns: tuple[Text, ...] = ()
    largest: int = Field(default=500, ge=1)  # MB, fetched or unpacked: more is refused
    generation: Literal["2015", "2024"] | None = None
    declare: Declaration | None = None
    note: Text | None = None  # what remains to be done by hand

    @model_validator(mode="after")
    def _one_place(self) -> Download:
        if (self.dataset is None) == (self.url is None):
            raise ValueError("donnez soit dataset, soit url")
        if self.dataset is not None and not self.words:
            raise ValueError("dataset attend words : les mots qui désignent le fichier")
        if self.archive == "zip" and not self.member:
            raise ValueError("une archive zip attend member : les mots qui désignent son fichier")
        if (DEPARTMENT in (self.url or "")) != (DEPARTMENT in self.file):
            raise ValueError("{departement} va dans url et dans file, ou dans aucun des deux")
        return self

    @property
    def by_department(self) -> bool:
        """Whether there is one file a department."""
        return DEPARTMENT in self.file
