"""Which addresses have people's accounts?"""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from terril.web.people.views import account, data, entry, passwords, second_factor

urlpatterns = [
    path("connexion/", entry.Login.as_view(), name="connexion"),
    path("connexion/code/", entry.code, name="connexion-code"),
    path("deconnexion/", LogoutView.as_view(), name="deconnexion"),
    path("mot-de-passe/", passwords.ChangePassword.as_view(), name="mot-de-passe"),
    path("mot-de-passe-oublie/", passwords.forgotten, name="mot-de-passe-oublie"),
    path("mot-de-passe-oublie/envoye/", passwords.link_sent, name="mot-de-passe-envoye"),
    path(
        "nouveau-mot-de-passe/<str:uidb64>/<str:token>/",
        passwords.NewPassword.as_view(),
        name="nouveau-mot-de-passe",
    ),
    path("mon-compte/", account.account, name="mon-compte"),
    path("mon-compte/adresse/", account.email, name="mon-adresse"),
    path("mon-compte/adresse/<str:token>/", account.confirm_email, name="adresse-confirmer"),
    path("mon-compte/second-facteur/", second_factor.second_factor, name="second-facteur"),
    path(
        "mon-compte/second-facteur/commencer/", second_factor.start, name="second-facteur-commencer"
    ),
    path(
        "mon-compte/second-facteur/confirmer/",
        second_factor.confirm,
        name="second-facteur-confirmer",
    ),
    path("mon-compte/second-facteur/codes/", second_factor.renew, name="second-facteur-codes"),
    path("mon-compte/second-facteur/retirer/", second_factor.remove, name="second-facteur-retirer"),
    path("mon-compte/sessions/", account.my_sessions, name="mes-sessions"),
    path("mon-compte/sessions/autres/", account.end_others, name="sessions-fermer-autres"),
    path("mon-compte/sessions/<int:number>/", account.end_session, name="session-fermer"),
    path("mon-compte/preferences/", account.reminders, name="mes-preferences"),
    path("mon-compte/donnees/", data.my_data, name="mes-donnees"),
    path("mon-compte/donnees.json", data.my_data_file, name="mes-donnees-fichier"),
    path("mon-compte/supprimer/", data.leave, name="supprimer-mon-compte"),
    path("rappels/arreter/<str:token>/", account.stop_reminders, name="rappels-arreter"),
]
