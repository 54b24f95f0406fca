"""Terril: the observatory of the neighbourhoods, from the official file to the sheet."""

from importlib.metadata import version

__version__ = version("terril")
