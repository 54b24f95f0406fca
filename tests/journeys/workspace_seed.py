"""Who and what is in the contract that the journeys of the workspace meet?

A program of its own: the base of the site is its server’s, not that of the tests. It loads the
pilot’s tables, adds people and what the pilot does not publish, and prints as JSON where
everything is. Nobody here exists.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "web"))
os.environ["DJANGO_SETTINGS_MODULE"] = "terril.web.settings"
django.setup()

import office  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from PIL import Image  # noqa: E402

from terril.web.espace.actions.attach_paper import attach_paper  # noqa: E402
from terril.web.espace.actions.invite import invite  # noqa: E402
from terril.web.espace.actions.load_folder import load_folder  # noqa: E402
from terril.web.espace.models import Contract, Intake, Membership  # noqa: E402
from terril.web.espace.space import Space  # noqa: E402
from terril.web.gouvernance.feed import feed_token  # noqa: E402
from terril.web.participation.actions.add_photo import add_photo, read_photo  # noqa: E402
from terril.web.participation.actions.raise_need import Sent, raise_need  # noqa: E402
from terril.web.participation.actions.read_need import read_need  # noqa: E402
from terril.web.people.actions.ask_email import ask_email  # noqa: E402
from terril.web.people.digests import stop_token  # noqa: E402
from terril.web.people.factor import new_codes  # noqa: E402
from terril.web.people.models import SecondFactor  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
#: what pages must hold: a long name, apostrophes, a word that does not break, a long text
LONG_NAME = "Les Hauts De Liévin - Résidence Des Provinces - Cités 9-9bis d’à côté de l’Ô"
LONG_TEXT = "L’été, « on » s’y retrouve ; rien n’est perdu ?\n" + "É" * 300 + "\n"
LONG_TEXT += "Les habitants l’ont dit & redit <souvent>. " * (10_000 // 43)
PASSWORD = "un-mot-de-passe-assez-long"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TODAY = dt.date.today()


def people(contract: Contract, named: dict[str, dict[str, int]]) -> dict[str, Any]:
    """Open an account for each part, and give it its role."""
    structures, quartiers = named["organisations"], named["quartiers"]
    lens = structures["Commune de Lens"]
    parts: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
        ("mission", "chargee_mission", "Camille Mission", {}),
        ("seconde", "chargee_mission", "Dominique Renfort", {}),
        ("analyste", "analyste", "Alix Analyse", {}),
        ("cheffe", "chef_projet", "Claude Projet", {"organisation": lens}),
        ("financeur", "financeur", "Morgan Finance",
         {"organisation": structures["Région Hauts-de-France"]}),
        ("porteuse", "porteur", "Sacha Porteur",
         {"organisation": structures["Centre social Brebis de Mazingarbe"]}),
        ("citoyenne", "conseiller_citoyen", "Lou Citoyenne",
         {"quartiers": [quartiers["Grande Résidence"]]}),
    )  # fmt: skip
    found = {part: office.member(contract, role, name=name, **place)
             for part, role, name, place in parts}  # fmt: skip
    found["codee"] = office.member(contract, "analyste", name="Noa Codes")
    found["codee"].set_password(PASSWORD)
    found["codee"].save()
    SecondFactor.objects.create(person=found["codee"], secret=SECRET, confirmed=timezone.now())
    found["deux"] = office.member(contract, "chargee_mission", name="Maxime Deux")
    Membership.objects.create(
        contract=office.contract("ailleurs"), person=found["deux"], role="analyste"
    )
    return found


def rows(contract: Contract, named: dict[str, dict[str, int]]) -> dict[str, int]:
    """Add what the pilot does not publish: meetings, needs, walks, late commitments."""
    structures, quartiers = named["organisations"], named["quartiers"]
    lens, call = structures["Commune de Lens"], structures[_CALL]
    home, away = quartiers["Grande Résidence"], quartiers["Camus"]

    def one(register: str, **values: Any) -> int:
        return int(office.fill(contract, register, values)[0].number)

    long = one("organisations", nom=LONG_NAME, nature="association", remarques=LONG_TEXT)
    body = named["instances"]["Comité technique"]
    for structure in (lens, call, structures["Région Hauts-de-France"], long):
        one("mandats", instance=body, organisation=structure, qualite="titulaire",
            courriel=f"accueil{structure}@exemple.fr")  # fmt: skip
    meeting: dict[str, Any] = {
        "instance": body, "debut": dt.time(14), "fin": dt.time(16, 30), "lieu": "Salle des fêtes",
        "ordre_du_jour": "Bilan de l’année\nPoint sur les « cités »",
    }  # fmt: skip
    held = one("reunions", titre="Comité technique d’hiver", date=TODAY - dt.timedelta(60),
               etat="tenue", compte_rendu=LONG_TEXT, valide_le=TODAY - dt.timedelta(30),
               cr_public=True, **meeting)  # fmt: skip
    walk = one("marches", titre="Marche de l’Épinette", date=TODAY - dt.timedelta(20),
               quartiers=(home,))  # fmt: skip
    return {
        "structure": structures["Centre social Brebis de Mazingarbe"],
        "longue": long,
        "maison": home,
        "instance": body,
        "tenue": held,
        "reunion": one("reunions", titre=f"Comité technique : {LONG_NAME}",
                       date=TODAY + dt.timedelta(12), **meeting),
        "decision": one("decisions", decision="Relancer l’appel à projets", reunion=held,
                        responsable=lens, echeance=TODAY - dt.timedelta(5)),
        "retard": one("engagements", numero=90, titre="Ouvrir la maison de l’Été d’à côté",
                      theme="Cadre de vie", responsable=call, etat="engage",
                      echeance=TODAY - dt.timedelta(40), public=True, fait=LONG_TEXT),
        "a_elle": one("actions", code="2026-901", annee=2026, intitule="Jardin de l’Épinette",
                      porteur=structures["Les Anges Gardins"], quartiers=(home,)),
        "ailleurs": one("actions", code="2026-902", annee=2026, intitule="Atelier d’Angres",
                        quartiers=(away,)),
        "forme": one("formes", nom="Conseil citoyen de l’Ô", forme="conseil_citoyen",
                     quartiers=(home,), membres=12),
        "besoin": one("besoins", titre="Un banc à l’arrêt de bus", texte=LONG_TEXT[:900],
                      quartiers=(home,), recu_le=TODAY - dt.timedelta(40)),
        "marche": walk,
        "observation": one("observations", constat="L’éclairage de l’allée est cassé",
                           marche=walk, quartiers=(home,)),
        "arbre": named["arbre"]["P1"],
    }  # fmt: skip


_CALL = "Communauté d’agglomération de Lens-Liévin"


def rest(contract: Contract, folk: dict[str, Any], place: dict[str, int]) -> dict[str, Any]:
    """Add what is not a row: papers, photos, what residents sent, invitations, an import."""
    root = office.root(contract)
    mission = office.seen_by(contract, folk["mission"])
    name = "Compte rendu de l’été – version très longue et définitive (2).pdf"
    paper = attach_paper(
        root, "engagements", place["retard"], SimpleUploadedFile(name, b"%PDF-1.4 essai"),
        public=True,
    )  # fmt: skip
    out = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").resize((640, 480)).save(out, "JPEG")
    photo = add_photo(root, place["observation"], out.getvalue(), words="Une allée, la nuit")
    shown = add_photo(root, place["observation"], out.getvalue(), words="L’allée d’à côté")
    read_photo(mission, shown, (), nobody=True, publish=True, words="L’allée d’à côté")
    row = office.root(contract).row("observations", place["observation"])
    assert row is not None
    raised = raise_need(contract, Sent("Une aire de jeux", LONG_TEXT[:2000]))
    answered = raise_need(contract, Sent("Un banc à l’ombre", "Il n’y a pas d’ombre l’été."))
    read_need(
        office.seen_by(contract, folk["mission"]), answered.entry.number, 1,
        title="Un banc à l’ombre", text="Il n’y a pas d’ombre l’été.", publish=True,
    )  # fmt: skip
    site = "http://127.0.0.1"
    invited, token = invite(root, "cheffe.nouvelle@exemple.fr", "chef_projet",
                            organisation=folk["cheffe"].memberships.get().organisation,
                            site=site)  # fmt: skip
    _, page_token = invite(
        root, "adresse.qui.ne.tient.pas@une-tres-longue-commune.exemple.fr",
        "conseiller_citoyen", quartiers=[place["maison"]], site=site,
    )  # fmt: skip
    browser = office.client_of(folk["mission"])
    sent = SimpleUploadedFile("structures.csv", _CSV.encode())
    browser.post(f"/espace/{contract.code}/registres/organisations/importer/", {"fichier": sent})
    letter = ask_email(folk["porteuse"], "autre@exemple.fr", base=site)
    return {
        **place,
        "piece": paper.pk, "photo": photo.pk, "photo_publique": shown.pk,
        "a_relire": raised.entry.number, "suivi": answered.code,
        "jeton": page_token, "invitee": invited.email, "invitation": token,
        "import": Intake.objects.get().key,
        "membre": folk["cheffe"].memberships.get().pk,
        "agenda": feed_token(mission),
        "arret": stop_token(folk["porteuse"]),
        "adresse": letter.text.partition("/mon-compte/adresse/")[2].split("/")[0],
    }  # fmt: skip


#: a new structure, one whose kind is not in the list, one that is there and changes
_CSV = (
    "Nom;Nature;Sigle\nL’Été d’en face;Association;LEF\nSans nature;Inconnue;\n"
    "Commune de Lens;Commune;VDL\n"
)


def numbers(contract: Contract) -> dict[str, dict[str, int]]:
    """Return register → name (or code) of a row → its number."""
    space = Space(contract, everything=True)
    keys = {"organisations": "nom", "quartiers": "nom", "instances": "nom", "arbre": "code"}
    return {
        register: {row.get(key): row.number for row in space.rows(register)}
        for register, key in keys.items()
    }


def session_of(person: Any) -> str:
    """Return the key of a session that is open for somebody."""
    browser = Client()
    browser.force_login(person)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def main() -> None:
    """Fill the base that the environment names; print where everything is."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.MAIL_APART = False
    call_command("migrate", verbosity=0)
    contract = load_folder(ROOT / "demo" / "espace").contract
    named = numbers(contract)
    folk = people(contract, named)
    folk["mission"].set_password(PASSWORD)
    folk["mission"].save()
    facts = rest(contract, folk, rows(contract, named))
    print(json.dumps({
        "facts": {
            "contrat": contract.code, "mission": folk["mission"].email,
            "codee": folk["codee"].email, "secret": SECRET, "secours": new_codes(folk["codee"]),
            "mot_de_passe": PASSWORD, **facts,
        },
        "sessions": {part: session_of(person) for part, person in folk.items()},
    }))  # fmt: skip


if __name__ == "__main__":
    main()
