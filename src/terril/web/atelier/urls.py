"""Which addresses has the atelier?"""

from __future__ import annotations

from django.urls import path, register_converter

from terril.web.atelier.views import editions, jobs, projects


class _Date:
    """The date of an edition."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> str:
        """Keep the text."""
        return value

    def to_url(self, value: str) -> str:
        """Keep the text."""
        return value


register_converter(_Date, "edition")

urlpatterns = [
    path("", projects.home, name="atelier"),
    path("journal/", projects.journal, name="atelier-journal"),
    path("projets/<str:name>/", projects.project, name="atelier-projet"),
    path("projets/<str:name>/deposer/", projects.send, name="atelier-deposer"),
    path("projets/<str:name>/lancer/", projects.start, name="atelier-lancer"),
    path("projets/<str:name>/sceller/<edition:date>/", editions.seal, name="atelier-sceller"),
    path("projets/<str:name>/publier/<edition:date>/", editions.publish, name="atelier-publier"),
    path("projets/<str:name>/retirer/<edition:date>/", editions.withdraw, name="atelier-retirer"),
    path("projets/<str:name>/apercu/<edition:date>/", editions.look_at, name="atelier-apercu"),
    path("projets/<str:name>/apercu/<edition:date>/<path:path>", editions.look_at),
    path("travaux/<str:key>/", jobs.job, name="atelier-travail"),
    path("travaux/<str:key>/etat.json", jobs.state, name="atelier-etat"),
    path("travaux/<str:key>/controles.xlsx", jobs.controls, name="atelier-controles"),
    path("travaux/<str:key>/ajouter/", jobs.add, name="atelier-ajouter"),
]
