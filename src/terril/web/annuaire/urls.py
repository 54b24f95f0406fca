"""Which addresses has the directory of operators?"""

from __future__ import annotations

from django.urls import path

from terril.web.annuaire.views import members, mine, public

_PUBLIC = "annuaire/<slug:contrat>/"
_SPACE = "espace/<slug:contrat>/annuaire/"
_SHEET = f"{_SPACE}fiches/<int:organisation>/"

urlpatterns = [
    path("annuaire/", public.home, name="annuaires"),
    path(_PUBLIC, public.search, name="annuaire"),
    path(f"{_PUBLIC}structures/<int:organisation>/", public.structure, name="annuaire-structure"),
    path(f"{_PUBLIC}livret/", public.choose_booklet, name="annuaire-livret"),
    path(f"{_PUBLIC}livret.pdf", public.booklet, name="annuaire-livret-pdf"),
    path(_SPACE, members.overview, name="annuaire-espace"),
    path(f"{_SPACE}doublons/", members.twice, name="annuaire-doublons"),
    path(f"{_SPACE}ma-fiche/", mine.which, name="annuaire-ma-fiche"),
    path(_SHEET, members.reading, name="annuaire-relire"),
    path(f"{_SHEET}relue/", members.read, name="annuaire-relue"),
    path(f"{_SHEET}modifier/", mine.sheet, name="annuaire-fiche"),
    path(f"{_SHEET}exacte/", mine.confirm, name="annuaire-exacte"),
    path(f"{_SHEET}publication/", mine.ask, name="annuaire-publication"),
]
