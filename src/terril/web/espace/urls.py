"""Which addresses has the workspace?"""

from __future__ import annotations

from django.urls import path

from terril.web.espace.views import conversions, desk, intakes, members, papers, registers, rows

_HERE = "espace/<slug:contrat>/"
_REGISTER = f"{_HERE}registres/<slug:registre>/"
_ROW = f"{_REGISTER}<int:numero>/"

urlpatterns = [
    path("espace/", desk.home, name="espace"),
    path("invitation/<str:jeton>/", members.invitation, name="invitation"),
    path(_HERE, desk.desk, name="bureau"),
    path(f"{_HERE}journal/", desk.journal, name="journal"),
    path(f"{_HERE}brouillon/", rows.draft, name="brouillon"),
    path(f"{_HERE}brouillon/oublier/", rows.drop, name="oublier-brouillon"),
    path(f"{_HERE}membres/", members.members, name="membres"),
    path(f"{_HERE}membres/inviter/", members.send_invitation, name="inviter"),
    path(f"{_HERE}membres/<int:membre>/", members.member, name="membre"),
    path(f"{_HERE}membres/<int:membre>/retirer/", members.leave, name="retirer-membre"),
    path(
        f"{_HERE}membres/invitations/<int:invitation>/annuler/",
        members.take_back,
        name="annuler-invitation",
    ),
    path(f"{_HERE}pieces/<int:piece>/", papers.paper, name="piece"),
    path(f"{_HERE}pieces/<int:piece>/changer/", papers.change, name="changer-piece"),
    path("contrat/<slug:contrat>/pieces/<int:piece>/", papers.public_paper, name="piece-publique"),
    path(f"{_HERE}registres/", desk.registers, name="registres"),
    path(_REGISTER, registers.register, name="registre"),
    path(f"{_REGISTER}export.<slug:forme>", registers.export, name="exporter"),
    path(f"{_REGISTER}resultats/", registers.results, name="resultats"),
    path(f"{_REGISTER}ajouter/", rows.add, name="ajouter"),
    path(f"{_REGISTER}convertir/", conversions.convert, name="convertir"),
    path(f"{_REGISTER}importer/", intakes.send, name="importer"),
    path(f"{_REGISTER}importer/<slug:cle>/", intakes.seen, name="import-lu"),
    path(f"{_REGISTER}importer/<slug:cle>/valider/", intakes.confirm, name="valider-import"),
    path(_ROW, rows.row, name="fiche-registre"),
    path(f"{_ROW}modifier/", rows.change, name="modifier"),
    path(f"{_ROW}etat/", rows.move, name="changer-etat"),
    path(f"{_ROW}archiver/", rows.archive, name="archiver"),
    path(f"{_ROW}historique/", rows.history, name="historique"),
    path(f"{_ROW}pieces/", papers.attach, name="joindre"),
]
