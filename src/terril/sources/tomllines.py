"""On which line of a TOML text does a key stand?

``tomllib`` gives values without their place; a person corrects a line.
"""

from __future__ import annotations

import re


class TomlLines:
    """The lines of a TOML text, by table, key and rank of the table in its array."""

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str, int, str], int] = {}
        counts: dict[str, int] = {}
        table, index = "", 0
        for number, line in enumerate(text.splitlines(), start=1):
            if head := re.match(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$", line):
                table = head[1]
                if line.lstrip().startswith("[["):
                    counts[table] = counts.get(table, -1) + 1
                index = counts.get(table.split(".")[0], 0)
                self._lines.setdefault((table, index, ""), number)
            elif key := re.match(r"\s*([\w.\-\"]+)\s*=", line):
                self._lines.setdefault((table, index, key[1].strip('"')), number)

    def of(self, table: str, key: str = "", index: int = 0) -> int | None:
        """Return the line of ``key`` in the table, else of the table's head."""
        line = self._lines.get((table, index, key))
        return line if line is not None else self._lines.get((table, index, ""))
