"""How is a device shown to its owner: « Firefox sur Windows », from a part of the network?

What a browser says of itself is long, changes every month and singles people out: two words of it
are enough to recognise one's own. Of a network address only the part is kept that a household or
an office shares with its neighbours.
"""

from __future__ import annotations

import ipaddress
from typing import Final

#: mark in the header → name, in this order: browsers claim to be those they descend from
_BROWSERS: Final = (
    ("Edg/", "Edge"), ("EdgA/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("CrOS", "ChromeOS"), ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
#: bits of an address that are kept, by version
_KEPT: Final = {4: 24, 6: 48}


def device(agent: str) -> str:
    """Return a browser and a system in French: « Firefox sur Windows », « Appareil inconnu »."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    if browser and system:
        return f"{browser} sur {system}"
    return browser or system or "Appareil inconnu"


def network(address: str) -> str:
    """Return the network of an address, « 192.0.2.0/24 » or « 2001:db8:1::/48 »; "" for none."""
    try:
        found = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network(f"{found}/{_KEPT[found.version]}", strict=False))
