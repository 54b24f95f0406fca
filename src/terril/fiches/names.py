"""How is the name of a neighbourhood set on the sheet?

One line when it is short; else two lines of least width, cut at a dash (or, when there is
none, at a space).
"""

from __future__ import annotations

import re

#: longest name, in characters, that fits one line at 28 pt beside the population
ONE_LINE = 28

_DASH = re.compile(r"\s[–—-]\s")


def cut_name(name: str) -> tuple[str, ...]:
    """Return the name as one or two lines; the dash ends the first line.

    >>> cut_name("République – Cité 4")
    ('République – Cité 4',)
    >>> cut_name("Les Hauts de Liévin – Résidence des Provinces – Cités 9-9bis")
    ('Les Hauts de Liévin –', 'Résidence des Provinces – Cités 9-9bis')
    """
    if len(name) <= ONE_LINE:
        return (name,)
    cuts = [
        (m.start(), m.end(), name[: m.end()].rstrip(), name[m.end() :])
        for m in _DASH.finditer(name)
    ]
    pairs = [(first, second) for _, _, first, second in cuts]
    if not pairs:
        pairs = [
            (name[: m.start()], name[m.end() :]) for m in re.finditer(r"\s+", name) if m.start() > 2
        ]
    if not pairs:
        return (name,)
    return min(pairs, key=lambda pair: max(len(pair[0]), len(pair[1])))
