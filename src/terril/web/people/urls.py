"""Which addresses have people's accounts?"""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from terril.web.people.views import ChangePassword, Login

urlpatterns = [
    path("connexion/", Login.as_view(), name="connexion"),
    path("deconnexion/", LogoutView.as_view(), name="deconnexion"),
    path("mot-de-passe/", ChangePassword.as_view(), name="mot-de-passe"),
]
