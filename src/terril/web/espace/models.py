"""Which contracts are there, who is in them, and where are the rows of their registers kept?

A row of a register is an :class:`Entry`: its values are JSON under the names of the columns of
its card (``catalogue/registers``). Every version of a row is kept in :class:`Revision`.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.crypto import get_random_string


def new_key() -> str:
    """Return a key that nobody guesses."""
    return get_random_string(32)


class Contract(models.Model):
    """A contrat de ville. ``levels``: names of the levels of its tree, [singular, plural] each."""

    code = models.SlugField("code", max_length=60, unique=True)
    name = models.CharField("nom", max_length=200)
    holder = models.CharField("porteur", max_length=200)
    siren = models.CharField("SIREN du porteur", max_length=9, blank=True, db_index=True)
    department = models.CharField("département", max_length=80, blank=True)
    region = models.CharField("région", max_length=80, blank=True)
    generation = models.CharField("génération", max_length=10, blank=True)
    signed = models.DateField("signé le", null=True, blank=True)
    starts = models.DateField("début", null=True, blank=True)
    ends = models.DateField("terme", null=True, blank=True)
    levels = models.JSONField("niveaux de l’arbre", default=list)
    created = models.DateTimeField("créé le", auto_now_add=True)

    class Meta:
        """By name."""

        verbose_name = "contrat"
        verbose_name_plural = "contrats"
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in a contract, for one role. ``until``: the day it ended."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField("rôle", max_length=40)
    organisation = models.PositiveIntegerField("organisation", null=True, blank=True)
    quartiers = models.JSONField("quartiers", default=list)
    since = models.DateField("depuis", auto_now_add=True)
    until = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        """One membership of a role at a time."""

        verbose_name = "membre"
        verbose_name_plural = "membres"
        constraints = [
            models.UniqueConstraint(
                fields=("contract", "person", "role"),
                condition=models.Q(until__isnull=True),
                name="one_membership_a_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.role}"


class Invitation(models.Model):
    """A place kept for an address, until it is taken or out of date. The token is a hash."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="invitations")
    email = models.EmailField("adresse électronique")
    role = models.CharField("rôle", max_length=40)
    organisation = models.PositiveIntegerField("organisation", null=True, blank=True)
    quartiers = models.JSONField("quartiers", default=list)
    token = models.CharField("empreinte du jeton", max_length=64, unique=True)
    created = models.DateTimeField("envoyée le", auto_now_add=True)
    expires = models.DateTimeField("valable jusqu’au")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)

    class Meta:
        """The newest first."""

        verbose_name = "invitation"
        verbose_name_plural = "invitations"
        ordering = ("-created", "-pk")

    def __str__(self) -> str:
        return f"{self.role}, {self.created:%Y-%m-%d}"


class Entry(models.Model):
    """One row of a register of a contract."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="entries")
    register = models.CharField("registre", max_length=40)
    number = models.PositiveIntegerField("n°")
    values = models.JSONField("valeurs", default=dict)
    version = models.PositiveIntegerField("version", default=1)
    archived = models.BooleanField("archivée", default=False)
    author = models.CharField("ajoutée par", max_length=36, blank=True)
    created = models.DateTimeField("ajoutée le", auto_now_add=True)
    changed = models.DateTimeField("modifiée le", auto_now=True)

    class Meta:
        """In the order of the numbers."""

        verbose_name = "ligne de registre"
        verbose_name_plural = "lignes de registre"
        ordering = ("register", "number")
        constraints = [
            models.UniqueConstraint(
                fields=("contract", "register", "number"), name="one_number_a_register"
            )
        ]

    def __str__(self) -> str:
        return f"{self.register} n° {self.number}"


class Revision(models.Model):
    """A version of a row, as it was saved: by whom, when, and why when it was said."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField("version")
    values = models.JSONField("valeurs", default=dict)
    archived = models.BooleanField("archivée", default=False)
    by = models.CharField("par", max_length=36, blank=True)
    at = models.DateTimeField("le", auto_now_add=True)
    comment = models.TextField("motif", blank=True)

    class Meta:
        """The newest first; one of each version."""

        verbose_name = "version d’une ligne"
        verbose_name_plural = "versions des lignes"
        ordering = ("-version",)
        constraints = [
            models.UniqueConstraint(fields=("entry", "version"), name="one_revision_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.entry}, version {self.version}"


class Stamp(models.Model):
    """How many times a register was written to: what is kept in memory knows its age by it."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="stamps")
    register = models.CharField("registre", max_length=40)
    count = models.PositiveBigIntegerField("écritures", default=0)

    class Meta:
        """One a register."""

        verbose_name = "compteur d’un registre"
        verbose_name_plural = "compteurs des registres"
        constraints = [
            models.UniqueConstraint(fields=("contract", "register"), name="one_stamp_a_register")
        ]

    def __str__(self) -> str:
        return f"{self.register}, {self.count}"


class Draft(models.Model):
    """What a person typed in a form and did not save: the texts of its fields."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    contract = models.ForeignKey(Contract, models.CASCADE)
    key = models.CharField("formulaire", max_length=120)
    fields = models.JSONField("champs", default=dict)  # name → list of texts
    base = models.PositiveIntegerField("version de départ", default=0)
    at = models.DateTimeField("gardé le", auto_now=True)

    class Meta:
        """The newest first; one a form and a person."""

        verbose_name = "brouillon"
        verbose_name_plural = "brouillons"
        ordering = ("-at",)
        constraints = [
            models.UniqueConstraint(fields=("person", "contract", "key"), name="one_draft_a_form")
        ]

    def __str__(self) -> str:
        return self.key


def _place(paper: Attachment, name: str) -> str:
    """Return where a paper is kept: a name that tells nothing, in the folder of its contract."""
    return f"pieces/{paper.entry.contract.code}/{get_random_string(32)}"


class Attachment(models.Model):
    """A paper attached to a row. ``public``: anybody may read it, where the row is public."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="papers")
    file = models.FileField("fichier", upload_to=_place, max_length=200)
    name = models.CharField("nom", max_length=160)
    kind = models.CharField("type", max_length=80)
    size = models.PositiveBigIntegerField("taille")
    sha256 = models.CharField("empreinte", max_length=64)
    public = models.BooleanField("publique", default=False)
    by = models.CharField("ajoutée par", max_length=36, blank=True)
    at = models.DateTimeField("ajoutée le", auto_now_add=True)

    class Meta:
        """In the order they came."""

        verbose_name = "pièce"
        verbose_name_plural = "pièces"
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return self.name


class Intake(models.Model):
    """A workbook that was sent to a register, read, and waits for a yes."""

    key = models.CharField("clé", max_length=32, unique=True, default=new_key)
    contract = models.ForeignKey(Contract, models.CASCADE)
    register = models.CharField("registre", max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    file = models.FileField("fichier", upload_to="imports/", max_length=200)
    name = models.CharField("nom", max_length=160)
    at = models.DateTimeField("déposé le", auto_now_add=True)
    done = models.DateTimeField("importé le", null=True)
    #: what must be imported before, when a file of others made several
    after = models.ForeignKey("self", models.SET_NULL, null=True, related_name="followed_by")
    #: made from a file of others: lines that are there already are recognised
    made = models.BooleanField("converti", default=False)

    class Meta:
        """The newest first."""

        verbose_name = "import"
        verbose_name_plural = "imports"
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.name
