"""Which addresses have the meetings?"""

from __future__ import annotations

from django.urls import path

from terril.web.gouvernance.views import agenda, bodies, feeds, meetings, minutes, public, sending

_HERE = "espace/<slug:contrat>/"
_MEETING = f"{_HERE}reunions/<int:numero>/"
_PUBLIC = "contrat/<slug:contrat>/reunions/"

urlpatterns = [
    path(f"{_HERE}agenda/", agenda.agenda, name="agenda"),
    path(f"{_HERE}agenda/tenue/", agenda.settle, name="echeance-tenue"),
    path(f"{_HERE}agenda/calendrier-legal/", agenda.legal, name="calendrier-legal"),
    path(f"{_HERE}agenda/annee/", agenda.year, name="preparer-annee"),
    path(f"{_HERE}agenda/abonnement/", feeds.renew, name="renouveler-agenda"),
    path(f"{_HERE}instances/", bodies.bodies, name="instances"),
    path(f"{_HERE}instances/assiduite/", bodies.statistics, name="assiduite"),
    path(f"{_HERE}instances/<int:numero>/", bodies.body, name="instance"),
    path(_MEETING, meetings.meeting, name="reunion"),
    path(f"{_MEETING}presences/", meetings.attendance, name="reunion-presences"),
    path(f"{_MEETING}decisions/", meetings.decision, name="reunion-decider"),
    path(f"{_MEETING}etat/", meetings.state, name="reunion-etat"),
    path(f"{_MEETING}compte-rendu/", minutes.page, name="reunion-compte-rendu"),
    path(f"{_MEETING}brouillon/", minutes.draft, name="reunion-brouillon"),
    path(f"{_MEETING}inviter/", sending.invite, name="reunion-inviter"),
    path(f"{_MEETING}invitation.ics", minutes.invitation_file, name="reunion-invitation"),
    path(f"{_MEETING}emargement.pdf", minutes.sheet_file, name="reunion-emargement"),
    path(f"{_MEETING}compte-rendu.<slug:forme>", minutes.file, name="reunion-fichier"),
    path("agenda/<str:jeton>.ics", feeds.feed, name="agenda-ics"),
    path("invitation-reunion/<str:jeton>.ics", feeds.invitation, name="invitation-agenda"),
    path(_PUBLIC, public.bodies, name="reunions-publiques"),
    path(f"{_PUBLIC}<int:numero>/", public.meeting, name="reunion-publique"),
    path(f"{_PUBLIC}<int:numero>/compte-rendu.pdf", public.file, name="reunion-publique-pdf"),
]
