"""Which addresses has the contract?"""

from __future__ import annotations

from django.urls import path

from terril.web.contrat.views import commitments, public, tree

_HERE = "espace/<slug:contrat>/contrat/"
_PROMISES = "espace/<slug:contrat>/engagements/"

urlpatterns = [
    path(_HERE, tree.outline, name="contrat-arbre"),
    path(f"{_HERE}questions/", tree.asked, name="contrat-questions"),
    path(f"{_HERE}versions/", tree.versions, name="contrat-versions"),
    path(f"{_HERE}argent/", tree.money, name="contrat-argent"),
    path(_PROMISES, commitments.wall, name="engagements"),
    path(f"{_PROMISES}revue/", commitments.reviewed, name="engagements-revue"),
    path(f"{_PROMISES}revue.<slug:forme>", commitments.file, name="engagements-revue-fichier"),
    path("contrat/", public.contracts, name="contrats-publics"),
    path("contrat/<slug:contrat>/", public.contract, name="contrat-public"),
    path("contrat/<slug:contrat>/engagements/", public.promises, name="engagements-publics"),
]
