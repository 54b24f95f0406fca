"""Who meets, when, with whom, what was decided, and what is owed by when?

Pure rules over the registers of governance (``instances``, ``mandats``, ``cycle``,
``reunions``, ``presences``, ``decisions``, ``echeances``) and the legal calendar.
"""
