"""How do the tokens become the custom properties of the style sheet?

``python -m terril.web.design.style`` writes ``static/design/jetons.css`` again; a house test
keeps it equal to ``terril.lib.tokens``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from terril.lib.tokens import COLOURS

FILE: Final = Path(__file__).parent / "static" / "design" / "jetons.css"


def tokens_css() -> str:
    """Return the text of ``jetons.css``."""
    lines = [f"  --{name}: {value};" for name, value in COLOURS.items()]
    return "/* made from terril/lib/tokens.py */\n:root {\n" + "\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(tokens_css(), encoding="utf-8")
