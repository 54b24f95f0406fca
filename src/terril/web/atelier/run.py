"""How does the process of a job begin?

``python -m terril.web.atelier.run <key>``. Processes that typeset documents read this module
again: it imports nothing of Django before it is the one that was started.
"""

from __future__ import annotations

import sys


def main(key: str) -> int:
    """Set Django up, then do the job; return the exit code."""
    import django

    django.setup()
    from terril.web.atelier import work

    return work.main(key)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
