"""Who may sign in and how is it proved, who failed to, who did what, what is written to them?"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

#: how somebody is called whose account is gone
GONE: Final = "personne supprimée"
#: how many characters :attr:`Person.short` has at the most
SHORT: Final = 24


class People(BaseUserManager["Person"]):
    """Makes people, their address in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Return a new person; without a password, none can sign in until one is set."""
        if not email:
            raise ValueError("an e-mail address is needed")
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Return a new person with every right."""
        return self.create_user(email, password, is_superuser=True, is_analyst=True, **fields)

    def get_by_natural_key(self, username: str | None) -> Person:
        """Find by address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class Pace(models.TextChoices):
    """How often a person wants to be told what awaits her."""

    DAILY = "jour", "chaque jour"
    WEEKLY = "semaine", "chaque semaine, le lundi"
    NEVER = "jamais", "jamais"


class Person(AbstractBaseUser, PermissionsMixin):
    """A person with an account: known by an e-mail address, nothing else is asked.

    ``key`` is all that the journal knows of her. When she leaves, the row stays as an empty
    shell (``deleted``): what others wrote about her work still points somewhere, at nobody.
    """

    key = models.UUIDField("clé", default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("adresse électronique", unique=True)
    name = models.CharField("nom affiché", max_length=120, blank=True)
    is_active = models.BooleanField("compte ouvert", default=True)
    is_analyst = models.BooleanField("prépare et publie les éditions", default=False)
    joined = models.DateTimeField("créé le", auto_now_add=True)
    deleted = models.DateTimeField("supprimé le", null=True, blank=True)
    pace = models.CharField("rappels", max_length=8, choices=Pace, default=Pace.WEEKLY)
    reminded = models.DateField("dernier rappel", null=True, blank=True)

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        """How it is called, and what is unique."""

        verbose_name = "personne"
        verbose_name_plural = "personnes"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_any_case"),
        ]

    def __str__(self) -> str:
        return self.display

    @property
    def display(self) -> str:
        """The name that others read: the one given, else the address before its @."""
        if self.deleted is not None:
            return GONE
        return self.name.strip() or self.email.partition("@")[0]

    @property
    def short(self) -> str:
        """The same in narrow places: cut between two words, else anywhere, with « … »."""
        text = self.display
        if len(text) <= SHORT:
            return text
        kept = text[: SHORT - 1]
        if " " in kept and text[SHORT - 1] != " ":
            kept = kept.rsplit(" ", 1)[0]
        return kept.rstrip() + "…"


class _Append(models.QuerySet["Journal"]):
    """Rows that are added and read, never changed."""

    def update(self, **values: Any) -> int:
        """Refuse."""
        raise PermissionError("the journal is only added to")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise PermissionError("the journal is only added to")


class _Lines(models.Manager["Journal"]):
    """Reads the persons with the lines: their names are those of today."""

    def get_queryset(self) -> _Append:
        return _Append(self.model, using=self._db).select_related("actor", "subject")


class Journal(models.Model):
    """One line an action: who, when, what, on what. The database itself refuses a change.

    A line names nobody: it holds keys, and whoever shows it asks their persons for a name. A key
    whose person is gone leads nowhere, and the line stands all the same.
    """

    at = models.DateTimeField("quand", auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        Person, models.DO_NOTHING, to_field="key", db_constraint=False, null=True,
        related_name="+", verbose_name="qui",
    )  # fmt: skip
    #: who acted when no account did: "" for the command line
    origin = models.CharField("sans compte", max_length=20, default="")
    verb = models.CharField("quoi", max_length=40)
    thing = models.CharField("sur quoi", max_length=300)
    subject = models.ForeignKey(
        Person, models.DO_NOTHING, to_field="key", db_constraint=False, null=True,
        related_name="+", verbose_name="sur qui",
    )  # fmt: skip
    contract = models.CharField("contrat", max_length=60, default="", db_index=True)
    register = models.CharField("registre", max_length=60, default="")
    number = models.IntegerField("numéro", null=True)
    details = models.JSONField("détails", default=dict)

    objects: ClassVar[_Lines] = _Lines()

    class Meta:
        """The newest first; the history of a row is found by contract, register and number."""

        verbose_name = "ligne du journal"
        verbose_name_plural = "journal"
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("contract", "register", "number"), name="journal_of_a_row"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.verb} {self.thing}"

    @property
    def who(self) -> str:
        """The name of the actor today, « personne supprimée » when she left."""
        if self.actor_id is None:
            return self.origin or "ligne de commande"
        return self.actor.display if self.actor is not None else GONE

    @property
    def whom(self) -> str:
        """The name today of the person acted on, "" when there is none."""
        if self.subject_id is None:
            return ""
        return self.subject.display if self.subject is not None else GONE

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the line; raises ``PermissionError`` when it stands already."""
        if self.pk is not None:
            raise PermissionError("the journal is only added to")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise PermissionError("the journal is only added to")


class LoginFailure(models.Model):
    """A refused sign-in, kept for the time of the lock. Both keys are hashes."""

    at = models.DateTimeField("quand", db_index=True)
    account = models.CharField("compte", max_length=64, db_index=True)
    address = models.CharField("adresse réseau", max_length=64, db_index=True)

    class Meta:
        """How it is called."""

        verbose_name = "connexion refusée"
        verbose_name_plural = "connexions refusées"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class SecondFactor(models.Model):
    """The secret that a person's telephone shares with the site (TOTP, RFC 6238).

    It is asked for only once ``confirmed``. ``step`` is the last half-minute whose code was
    taken: no code is taken twice.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="factor")
    secret = models.CharField("secret", max_length=64)
    confirmed = models.DateTimeField("confirmé le", null=True)
    step = models.BigIntegerField("dernier pas", default=0)

    class Meta:
        """How it is called."""

        verbose_name = "second facteur"
        verbose_name_plural = "seconds facteurs"

    def __str__(self) -> str:
        return f"{self.person}"


class RecoveryCode(models.Model):
    """A code on paper for the day the telephone is lost: its hash, gone once it has served."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField("empreinte", max_length=64, unique=True)

    class Meta:
        """How it is called."""

        verbose_name = "code de secours"
        verbose_name_plural = "codes de secours"

    def __str__(self) -> str:
        return self.digest[:6]


class OpenSession(models.Model):
    """A session that a person has open, as she can recognise it: where from, on what, when."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="open_sessions")
    session = models.CharField("clé de session", max_length=40, unique=True)
    opened = models.DateTimeField("ouverte", auto_now_add=True)
    seen = models.DateTimeField("vue")
    device = models.CharField("appareil", max_length=60)
    network = models.CharField("réseau", max_length=50)

    class Meta:
        """The last seen first."""

        verbose_name = "session ouverte"
        verbose_name_plural = "sessions ouvertes"
        ordering = ("-seen", "-pk")

    def __str__(self) -> str:
        return f"{self.device} {self.seen:%Y-%m-%d %H:%M}"


class Outbox(models.Model):
    """A message to send: kept until a server has taken it, then emptied.

    ``until``: after it the message is worth nothing any more and is not sent.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, related_name="+", verbose_name="destinataire"
    )
    to = models.CharField("adresse", max_length=254)
    subject = models.CharField("objet", max_length=200)
    text = models.TextField("texte")
    headers = models.JSONField("en-têtes", default=dict)
    calendar = models.TextField("rendez-vous (ICS)", default="")
    made = models.DateTimeField("écrit le", auto_now_add=True)
    until = models.DateTimeField("périme le", null=True)
    taken = models.DateTimeField("pris le", null=True)
    tried = models.PositiveSmallIntegerField("essais", default=0)
    error = models.CharField("dernier échec", max_length=200, default="")
    sent = models.DateTimeField("envoyé le", null=True, db_index=True)

    class Meta:
        """The oldest first."""

        verbose_name = "message"
        verbose_name_plural = "messages"
        ordering = ("made", "pk")

    def __str__(self) -> str:
        return f"{self.made:%Y-%m-%d %H:%M} {self.subject}"
