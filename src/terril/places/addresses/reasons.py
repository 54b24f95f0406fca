"""Why can it not be told on which side an address is?"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from terril.catalogue.lists import read_list


class State(StrEnum):
    """What is told of an address."""

    IN = "dans"
    OUT = "hors"
    UNKNOWN = "indéterminé"


class Reason(StrEnum):
    """Why an address is undetermined; labels in ``vocabularies/adresses_motifs.csv``."""

    EMPTY = "vide"
    BOX = "boite_postale"
    NO_COMMUNE = "sans_commune"
    OUT_OF_AREA = "hors_zone"
    HOMONYM = "commune_homonyme"
    NO_STREET = "sans_voie"
    NOT_FOUND = "voie_inconnue"
    DOUBTFUL = "voie_douteuse"
    AMBIGUOUS = "voie_ambigue"
    NO_NUMBER = "sans_numero"
    NUMBER = "numero_inconnu"
    POSITIONS = "positions"
    EDGE = "limite"
    SERVICE = "service"

    @property
    def label(self) -> str:
        """The reason as people read it: « voie à cheval, sans numéro »."""
        return _texts()[self][0]

    @property
    def remedy(self) -> str:
        """What to do, a whole sentence."""
        return _texts()[self][1]


@lru_cache(maxsize=1)
def _texts() -> dict[str, tuple[str, str]]:
    return {
        row["motif"]: (row["libelle"], row["aide"])
        for row in read_list("vocabularies/adresses_motifs.csv")
    }
