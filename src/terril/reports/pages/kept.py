"""Which drawings are made once for many readers?

An edition never changes: what is drawn from it is kept in memory, the last used ones, under the
mark of the edition and what was asked.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

MOST: Final = 256

_lock = threading.Lock()
_held: OrderedDict[Hashable, str] = OrderedDict()


def kept(key: Hashable, make: Callable[[], str]) -> str:
    """Return the text under a key, made when it is not held. Two threads may make it at once."""
    with _lock:
        if key in _held:
            _held.move_to_end(key)
            return _held[key]
    text = make()
    with _lock:
        _held[key] = text
        while len(_held) > MOST:
            _held.popitem(last=False)
    return text
