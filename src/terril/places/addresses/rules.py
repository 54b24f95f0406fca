"""By which declared numbers is an address recognised, and placed?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from terril.catalogue.cards import Catalogue
from terril.places.addresses.prepare import position_parameters


@dataclass(frozen=True, slots=True)
class Rules:
    """The parameters of the catalogue (``parameters/adresses.yaml``).

    ``margins``: metres around a point by rank of its type of position, the last for an unknown
    one; the precision of the outlines is in it.
    """

    sure: float
    possible: float
    gap: float
    other_type: float
    no_type: float
    other_place: float
    numbers: int
    whole_commune: bool
    margins: npt.NDArray[np.float64]
    service_margin: float
    service_score: float

    @staticmethod
    def of(catalogue: Catalogue, outline_margin: float | None = None) -> Rules:
        """Return the rules of a catalogue.

        ``outline_margin``: precision of the outlines, metres, in the place of the declared one.
        """
        number = catalogue.number
        outline = number("adresse_marge_perimetre") if outline_margin is None else outline_margin
        return Rules(
            sure=number("adresse_score_sur"),
            possible=number("adresse_score_possible"),
            gap=number("adresse_score_ecart"),
            other_type=number("adresse_autre_type"),
            no_type=number("adresse_sans_type"),
            other_place=number("adresse_autre_commune"),
            numbers=int(number("adresse_ecart_numeros")),
            whole_commune=number("adresse_commune_entiere") > 0,
            margins=np.array([number(code) for code in position_parameters()]) + outline,
            service_margin=number("adresse_marge_service") + outline,
            service_score=number("adresse_service_score"),
        )
