"""What should a search find? The rule, word by word and entry by entry, without an index."""

from __future__ import annotations

from terril.contrat.directory.search import Query, closeness, entries
from terril.contrat.directory.sheets import Directory
from terril.contrat.directory.spelling import bare, searched


def mistakes(first: str, second: str) -> int:
    """Count the mistakes between two words, by the whole table."""
    table = [[i + j if not i * j else 0 for j in range(len(second) + 1)]
             for i in range(len(first) + 1)]  # fmt: skip
    for i in range(1, len(first) + 1):
        for j in range(1, len(second) + 1):
            table[i][j] = min(
                table[i - 1][j] + 1,
                table[i][j - 1] + 1,
                table[i - 1][j - 1] + (first[i - 1] != second[j - 1]),
            )
            if i > 1 and j > 1 and first[i - 1] == second[j - 2] and first[i - 2] == second[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


def naive_search(directory: Directory, query: Query, mistake_from: int) -> list[tuple[int, int]]:
    """Return the structures found and their scores, best first and then by number."""
    held = list(entries(directory))
    known = {word for entry in held for word in entry.worth}

    def quality(word: str, other: str) -> int:
        if bare(word) == bare(other):
            return 3
        if other.startswith(word):
            return 2
        unknown = not any(bare(word) == bare(k) or k.startswith(word) for k in known)
        if unknown and len(word) >= mistake_from and mistakes(word, other) <= 1:
            return 1
        return 0

    best: dict[int, int] = {}
    for entry in held:
        closer = closeness(directory, query, entry)
        if closer is None:
            continue
        score = closer
        for word in searched(query.text):
            points = max((w * quality(word, other) for other, w in entry.worth.items()), default=0)
            if not points:
                break
            score += points
        else:
            organisation = directory.sheets[entry.sheet].organisation
            best[organisation] = max(score, best.get(organisation, 0))
    return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
