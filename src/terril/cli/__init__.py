"""Which verbs does the command line offer, and in which words does it answer?"""

from terril.cli.main import main

__all__ = ["main"]
