"""A project of three neighbourhoods whose codes lie in a department with a known grid."""

from __future__ import annotations

from pathlib import Path

TOML = """\
[projet]
nom = "Observatoire d’essai"
contrat = "Contrat de ville d’essai"
edition = 2020-07-01
generation = "2015"
modele_fiche = "quartier"

[territoire]
epci = "200000000"
nom = "Communauté d’essai"
sigle = "CE"
fichier = "territoires.csv"

[[entrees]]
id = "tableaux"
fichier = "tableaux.csv"
lecteur = "long"
priorite = 10
"""

TERRITORIES = """\
genre;code;nom;communes;epci;population
epci;200000000;Communauté d’essai;;;9000
commune;62001;Villeneuve;;200000000;5000
commune;62002;Vieuxbourg;;200000000;4000
qpv;QP062001;Cité du Nord;62001;200000000;1200
qpv;QP062002;Cité du Sud;62001;200000000;900
qpv;QP062003;Cité de l’Est;62002;200000000;800
"""

TABLE = """\
genre;territoire;indicateur;periode;valeur;source
qpv;QP062001;revenus.taux_pauvrete;2015;44,1;insee_filosofi
qpv;QP062002;revenus.taux_pauvrete;2015;41,0;insee_filosofi
qpv;QP062003;revenus.taux_pauvrete;2015;38,0;insee_filosofi
epci;200000000;revenus.taux_pauvrete;2015;20,3;insee_filosofi
"""


def write(folder: Path) -> Path:
    """Write the project in ``folder`` and return it."""
    folder.mkdir(parents=True)
    (folder / "terril.toml").write_text(TOML, encoding="utf-8")
    (folder / "territoires.csv").write_text(TERRITORIES, encoding="utf-8")
    (folder / "tableaux.csv").write_text(TABLE, encoding="utf-8")
    return folder
