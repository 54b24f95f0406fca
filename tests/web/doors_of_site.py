"""Which doors has the site, from the addresses that it declares?"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, get_resolver

_FILL: dict[str, object] = {
    "contrat": "essai", "registre": "organisations", "cle": "x" * 32, "forme": "pdf",
    "jeton": "x" * 43, "code": "abcd",
}  # fmt: skip
#: doors that several registers share: one of each kind is asked for
_FORMS = {"exporter": "csv", "engagements-revue-fichier": "pdf"}


def doors(start: str) -> list[tuple[str, str]]:
    """Return name and address of each door whose address begins so."""
    found = []
    for pattern in _flat(get_resolver().url_patterns):
        route = str(pattern.pattern)
        if not route.startswith(start):
            continue
        address = route
        for name, converter in pattern.pattern.converters.items():
            value = _FILL.get(name, 1 if type(converter).__name__.startswith("Int") else "x")
            if name == "forme":
                value = _FORMS.get(pattern.name or "", value)
            for prefix in ("slug", "int", "str", "uuid", "path"):
                address = address.replace(f"<{prefix}:{name}>", str(value))
        found.append((pattern.name or route, "/" + address))
    return found


def _flat(patterns: list[URLPattern | URLResolver]) -> list[URLPattern]:
    found: list[URLPattern] = []
    for one in patterns:
        if not isinstance(one, URLResolver):
            found.append(one)
        elif not str(one.pattern):
            found += _flat(one.url_patterns)
    return found
