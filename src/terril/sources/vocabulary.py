"""Which words of a file mean secret, missing, a status, a role of column?

Plain CSV lists of the catalogue, read once.
"""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

from terril.catalogue.lists import read_list
from terril.territories.kinds import fold


@lru_cache(maxsize=1)
def tokens() -> MappingProxyType[str, str]:
    """Return token (lower case) → status: what stands in the place of a number."""
    rows = read_list("vocabularies/jetons.csv")
    return MappingProxyType({row["jeton"]: row["statut"] for row in rows})


@lru_cache(maxsize=1)
def statuses() -> MappingProxyType[str, str]:
    """Return word (lower case) → status, for a column of statuses."""
    rows = read_list("vocabularies/statuts.csv")
    return MappingProxyType({row["mot"]: row["statut"] for row in rows})


@lru_cache(maxsize=1)
def long_roles() -> MappingProxyType[str, str]:
    """Return folded head → role, for files with one figure a row."""
    rows = read_list("columns/long.csv")
    return MappingProxyType({fold(row["nom"]): row["role"] for row in rows})
