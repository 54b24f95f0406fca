"""Which addresses have people's accounts?"""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

urlpatterns = [
    path(
        "connexion/",
        LoginView.as_view(template_name="people/connexion.html"),
        name="connexion",
    ),
    path("deconnexion/", LogoutView.as_view(), name="deconnexion"),
]
