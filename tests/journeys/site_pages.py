"""Which page types are there, and where does a browser see one of each?

The list of the pages is the site's own: one that has no example here fails
``test_every_page_has_an_example``.
"""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern

from terril.web.observatoire import urls

CODE: Final = "QP062019"
INDICATOR: Final = "revenus.taux_pauvrete"
FILE: Final[tuple[str, ...]] = ()

#: name of a page → the addresses where it is looked at; FILE for what is not a page
EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "accueil": ("/", "/?theme=sante&recherche=zzz"),
    "quartier": (f"/quartiers/{CODE}/", "/quartiers/QP062029/?indicateur=revenus.taux_pauvrete"),
    "quartier-fichier": FILE,
    "indicateur-fichier": FILE,
    "theme-fichier": FILE,
    "quartiers-fichier": FILE,
    "catalogue": FILE,
    "fichier": FILE,
    "theme": ("/themes/education/",),
    "comparer": ("/comparer/", f"/comparer/?q={CODE}&q=QP062029&q=QP062025"),
    "indicateurs": ("/indicateurs/",),
    "indicateur": (
        f"/indicateurs/{INDICATOR}/",
        "/indicateurs/education.taux_retard_3e/?reference=commune",
    ),
    "tableaux": ("/tableaux/",),
    "methode": ("/methode/",),
    "methode-page": ("/methode/signaux/",),
    "editions": ("/editions/",),
    "changements": ("/editions/2020-07-01/changements/",),
    "accessibilite": ("/accessibilite/",),
    "mentions": ("/mentions-legales/",),
    "plan": ("/plan-du-site/",),
    "integrer": ("/integrer/",),
    "integrer-indicateur": (f"/integrer/indicateur/{INDICATOR}/",),
    "integrer-signaux": (f"/integrer/quartier/{CODE}/signaux/",),
    "integrer-script": FILE,
    "api-page": ("/api/",),
    "robots": FILE,
    "plan-machines": FILE,
}

#: how the addresses begin of what other sites show in a frame
EMBEDDED: Final = ("/integrer/indicateur/", "/integrer/quartier/")

#: pages of other parts of the site that readers reach
OTHERS: Final = (f"/editions/2020-07-01/quartiers/{CODE}/", "/connexion/")


def known() -> list[str]:
    """The names of the pages of the site, those of an edition and the others."""
    alone = [p.name for p in getattr(urls, "ALONE", []) if isinstance(p, URLPattern) and p.name]
    return list(dict.fromkeys([name for _, name, _ in urls.PAGES] + alone))


def addresses() -> list[str]:
    """Every address to look at."""
    return [a for name in known() for a in EXAMPLES.get(name, ())] + list(OTHERS)
