"""A project of two neighbourhoods, written on the disk, and a command run on it."""

from __future__ import annotations

import io
from pathlib import Path

from terril.cli.main import main

POVERTY = "revenus.taux_pauvrete"

TOML = """\
# écrit à la main : ce commentaire reste
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
fichier = "donnees/tableaux.csv"
lecteur = "long"
priorite = 10
"""

TERRITORIES = """\
genre;code;nom;communes;epci;population
epci;200000000;Communauté d’essai;;;9000
commune;62001;Villeneuve;;200000000;5000
commune;62002;Vieuxbourg;;200000000;4000
qpv;QP000001;Cité du Nord;62001;200000000;1200
qpv;QP000002;Cité du Sud;62001|62002;200000000;900
qpv;QP000003;Cité de l’Est;62002;200000000;800
"""

HEAD = "genre;territoire;indicateur;periode;valeur;source\n"
TABLE = (
    HEAD
    + f"qpv;QP000001;{POVERTY};2015;44,1;insee_filosofi\n"
    + f"qpv;QP000002;{POVERTY};2015;s;insee_filosofi\n"
    + f"qpv;QP000003;{POVERTY};2015;38,0;insee_filosofi\n"
    + f"epci;200000000;{POVERTY};2015;20,3;insee_filosofi\n"
)


def write(folder: Path) -> Path:
    """Write the project in ``folder`` and return it."""
    (folder / "donnees").mkdir(parents=True)
    (folder / "terril.toml").write_text(TOML, encoding="utf-8")
    (folder / "territoires.csv").write_text(TERRITORIES, encoding="utf-8")
    (folder / "donnees" / "tableaux.csv").write_text(TABLE, encoding="utf-8")
    return folder


def picture(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file under ``folder``."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def terril(*arguments: object) -> tuple[int, str, str]:
    """Run a command; return its code, its output and what it says beside."""
    out, err = io.StringIO(), io.StringIO()
    code = main([str(argument) for argument in arguments], out, err)
    return code, out.getvalue(), err.getvalue()
