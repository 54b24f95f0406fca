"""Which page types has the workspace with its public pages, and where is one of each?

The list of the pages is that of the addresses: one that has no example here fails
``test_every_page_of_the_workspace_has_an_example``. « {…} » are facts of the seed.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, NamedTuple

ROOMS: Final = ("people", "espace", "gouvernance", "contrat", "annuaire", "participation")


class Look(NamedTuple):
    """Who looks at which address."""

    who: str
    address: str


def _member(*paths: str, who: str = "mission") -> tuple[Look, ...]:
    return tuple(Look(who, f"/espace/{{contrat}}/{path}") for path in paths)


def _account(*paths: str, who: str = "porteuse") -> tuple[Look, ...]:
    return tuple(Look(who, f"/{path}") for path in paths)


def _public(*paths: str) -> tuple[Look, ...]:
    return tuple(Look("public", f"/{path}") for path in paths)


#: what gives a file, a picture or a few words to a program: no page to look at
FILE: Final[tuple[Look, ...]] = ()
#: what is only sent to: asked for, it answers 405
SENT: Final = None

_R = "registres/"

EXAMPLES: Final[dict[str, tuple[Look, ...] | None]] = {
    # accounts
    "connexion": _public("connexion/"),
    "connexion-code": FILE,  # between the password and the session: see the account pages
    "deconnexion": SENT,
    "mot-de-passe": _account("mot-de-passe/"),
    "mot-de-passe-oublie": _public("mot-de-passe-oublie/"),
    "mot-de-passe-envoye": _public("mot-de-passe-oublie/envoye/"),
    "nouveau-mot-de-passe": _public("nouveau-mot-de-passe/MQ/x/"),
    "mon-compte": _account("mon-compte/"),
    "mon-adresse": _account("mon-compte/adresse/"),
    "adresse-confirmer": _public("mon-compte/adresse/{adresse}/"),
    "second-facteur": _account("mon-compte/second-facteur/"),
    "second-facteur-commencer": SENT,
    "second-facteur-confirmer": SENT,
    "second-facteur-codes": SENT,
    "second-facteur-retirer": SENT,
    "mes-sessions": _account("mon-compte/sessions/"),
    "sessions-fermer-autres": SENT,
    "session-fermer": SENT,
    "mes-preferences": _account("mon-compte/preferences/"),
    "mes-donnees": _account("mon-compte/donnees/"),
    "mes-donnees-fichier": FILE,
    "supprimer-mon-compte": _account("mon-compte/supprimer/"),
    "rappels-arreter": _public("rappels/arreter/{arret}/"),
    # the workspace
    "espace": _account("espace/", who="deux"),
    "invitation": _public("invitation/{jeton}/"),
    "bureau": _member("") + _member("", who="citoyenne") + _member("", who="porteuse"),
    "journal": _member("journal/"),
    "brouillon": SENT,
    "oublier-brouillon": SENT,
    "membres": _member("membres/") + _member("membres/", who="cheffe"),
    "inviter": SENT,
    "membre": _member("membres/{membre}/"),
    "retirer-membre": SENT,
    "annuler-invitation": SENT,
    "piece": FILE,
    "changer-piece": SENT,
    "piece-publique": FILE,
    "registres": _member(_R) + _member(_R, who="porteuse"),
    "registre": _member(
        f"{_R}engagements/", f"{_R}organisations/?mots=l’été&tri=-nom", f"{_R}postes/"
    ),
    "exporter": FILE,
    "resultats": _member(f"{_R}engagements/resultats/", f"{_R}financements/resultats/"),
    "ajouter": _member(f"{_R}actions/ajouter/") + _member(f"{_R}besoins/ajouter/", who="citoyenne"),
    "importer": _member(f"{_R}organisations/importer/", f"{_R}postes/importer/"),
    "convertir": _member(f"{_R}postes/convertir/"),
    "import-lu": _member(f"{_R}organisations/importer/{{import}}/"),
    "valider-import": SENT,
    "fiche-registre": _member(
        f"{_R}engagements/{{retard}}/", f"{_R}organisations/{{longue}}/", f"{_R}arbre/{{arbre}}/",
        f"{_R}besoins/{{besoin}}/", f"{_R}observations/{{observation}}/",
        f"{_R}marches/{{marche}}/", f"{_R}formes/{{forme}}/", f"{_R}decisions/{{decision}}/",
        f"{_R}quartiers/{{maison}}/", f"{_R}instances/{{instance}}/",
    ) + _member(f"{_R}actions/{{ailleurs}}/", who="cheffe"),
    "modifier": _member(f"{_R}engagements/{{retard}}/modifier/"),
    "changer-etat": SENT,
    "archiver": SENT,
    "historique": _member(f"{_R}besoins/{{besoin}}/historique/"),
    "joindre": SENT,
    # meetings
    "agenda": _member("agenda/"),
    "echeance-tenue": SENT,
    "calendrier-legal": _member("agenda/calendrier-legal/"),
    "preparer-annee": _member("agenda/annee/?annee=2027"),
    "renouveler-agenda": SENT,
    "instances": _member("instances/"),
    "assiduite": _member("instances/assiduite/"),
    "instance": _member("instances/{instance}/"),
    "reunion": _member("reunions/{reunion}/")
    + _member("reunions/{tenue}/", who="citoyenne"),
    "reunion-presences": SENT,
    "reunion-decider": SENT,
    "reunion-etat": SENT,
    "reunion-compte-rendu": _member("reunions/{reunion}/compte-rendu/"),
    "reunion-brouillon": SENT,
    "reunion-inviter": _member("reunions/{reunion}/inviter/"),
    "reunion-invitation": FILE,
    "reunion-emargement": FILE,
    "reunion-fichier": FILE,
    "agenda-ics": FILE,
    "invitation-agenda": FILE,
    "reunions-publiques": _public("contrat/{contrat}/reunions/"),
    "reunion-publique": _public("contrat/{contrat}/reunions/{tenue}/"),
    "reunion-publique-pdf": FILE,
    # the contract
    "contrat-arbre": _member("contrat/"),
    "contrat-questions": _member("contrat/questions/"),
    "contrat-versions": _member("contrat/versions/"),
    "contrat-argent": _member("contrat/argent/"),
    "engagements": _member("engagements/"),
    "engagements-revue": _member("engagements/revue/"),
    "engagements-revue-fichier": FILE,
    "contrats-publics": _public("contrat/"),
    "contrat-public": _public("contrat/{contrat}/"),
    "engagements-publics": _public("contrat/{contrat}/engagements/"),
    # the directory
    "annuaires": _public("annuaire/"),
    "annuaire": _public("annuaire/{contrat}/", "annuaire/{contrat}/?mots=zzz"),
    "annuaire-structure": _public("annuaire/{contrat}/structures/{structure}/"),
    "annuaire-livret": _public("annuaire/{contrat}/livret/"),
    "annuaire-livret-pdf": FILE,
    "annuaire-espace": _member("annuaire/"),
    "annuaire-doublons": _member("annuaire/doublons/"),
    "annuaire-ma-fiche": FILE,  # leads to one of the two that follow
    "annuaire-relire": _member("annuaire/fiches/{structure}/"),
    "annuaire-relue": SENT,
    "annuaire-fiche": _member("annuaire/fiches/{structure}/modifier/", who="porteuse"),
    "annuaire-exacte": SENT,
    "annuaire-publication": SENT,
    # participation
    "participation": _member("participation/") + _member("participation/", who="citoyenne"),
    "besoins": _member("participation/besoins/"),
    "relire-besoin": _member("participation/besoins/{a_relire}/relire/"),
    "avancer-besoin": SENT,
    "code-besoin": SENT,
    "reponse-participation": _member("participation/reponse/"),
    "reponse-participation-pdf": FILE,
    "marche": _member("participation/marches/{marche}/")
    + _member("participation/marches/{marche}/", who="citoyenne"),
    "ajouter-photo": SENT,
    "photo": FILE,
    "relire-photo": _member("participation/photos/{photo}/relire/"),
    "retirer-photo": SENT,
    "habitants": _public("contrat/{contrat}/participation/"),
    "proposer": _public("contrat/{contrat}/participation/proposer/"),
    "trouver-suivi": _public("contrat/{contrat}/participation/suivi/"),
    "suivi": _public("contrat/{contrat}/participation/suivi/{suivi}/"),
    "oublier-adresse": SENT,
    "photo-publique": FILE,
}  # fmt: skip


def known() -> list[str]:
    """The names of the addresses of all rooms of the workspace."""
    found = []
    for room in ROOMS:
        found += [one.name for one in import_module(f"terril.web.{room}.urls").urlpatterns]
    return [name for name in found if name]


def looks() -> list[tuple[str, Look]]:
    """Every page to look at: the name of its type, who looks, where."""
    return [(name, look) for name in EXAMPLES for look in EXAMPLES[name] or ()]
