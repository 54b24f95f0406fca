"""Who may sign in, who failed to, and who did what?"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower


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


class Person(AbstractBaseUser, PermissionsMixin):
    """A person with an account: known by an e-mail address, nothing else is asked."""

    email = models.EmailField("adresse électronique", unique=True)
    name = models.CharField("nom affiché", max_length=120, blank=True)
    is_active = models.BooleanField("compte ouvert", default=True)
    is_analyst = models.BooleanField("prépare et publie les éditions", default=False)
    joined = models.DateTimeField("créé le", auto_now_add=True)

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
        return self.name or self.email


class _Append(models.QuerySet["Journal"]):
    """Rows that are added and read, never changed."""

    def update(self, **values: Any) -> int:
        """Refuse."""
        raise PermissionError("the journal is only added to")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise PermissionError("the journal is only added to")


class Journal(models.Model):
    """One line an action: who, when, what, on what. The database itself refuses a change."""

    at = models.DateTimeField("quand", auto_now_add=True, db_index=True)
    who = models.CharField("qui", max_length=254)  # the address, which stays when the account goes
    verb = models.CharField("quoi", max_length=40)
    thing = models.CharField("sur quoi", max_length=300)
    details = models.JSONField("détails", default=dict)

    objects: ClassVar[models.Manager[Journal]] = _Append.as_manager()

    class Meta:
        """The newest first."""

        verbose_name = "ligne du journal"
        verbose_name_plural = "journal"
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.verb} {self.thing}"

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
