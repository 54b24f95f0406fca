"""Which addresses has the participation of residents?"""

from __future__ import annotations

from django.urls import path

from terril.web.participation.views import public, rooms, walks

_HERE = "espace/<slug:contrat>/participation/"
_PUBLIC = "contrat/<slug:contrat>/participation/"

urlpatterns = [
    path(_HERE, rooms.home, name="participation"),
    path(f"{_HERE}besoins/", rooms.board, name="besoins"),
    path(f"{_HERE}besoins/<int:numero>/relire/", rooms.read, name="relire-besoin"),
    path(f"{_HERE}besoins/<int:numero>/avancer/", rooms.advance, name="avancer-besoin"),
    path(f"{_HERE}besoins/<int:numero>/code/", rooms.code, name="code-besoin"),
    path(f"{_HERE}reponse/", rooms.answered, name="reponse-participation"),
    path(f"{_HERE}reponse.pdf", rooms.answer_file, name="reponse-participation-pdf"),
    path(f"{_HERE}marches/<int:numero>/", walks.walk, name="marche"),
    path(f"{_HERE}observations/<int:numero>/photo/", walks.attach, name="ajouter-photo"),
    path(f"{_HERE}photos/<int:photo>.jpg", walks.photo, name="photo"),
    path(f"{_HERE}photos/<int:photo>/relire/", walks.read, name="relire-photo"),
    path(f"{_HERE}photos/<int:photo>/retirer/", walks.remove, name="retirer-photo"),
    path(_PUBLIC, public.residents, name="habitants"),
    path(f"{_PUBLIC}proposer/", public.propose, name="proposer"),
    path(f"{_PUBLIC}suivi/", public.find, name="trouver-suivi"),
    path(f"{_PUBLIC}suivi/<slug:code>/", public.follow, name="suivi"),
    path(f"{_PUBLIC}suivi/<slug:code>/oublier/", public.forget, name="oublier-adresse"),
    path(f"{_PUBLIC}photos/<int:photo>.jpg", public.photo, name="photo-publique"),
]
