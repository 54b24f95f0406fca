"""What is kept of residents beside the registers: what they sent, what was read, their photos?

What a resident sends is kept apart from the registers until somebody has read it: no export, no
version and no journal ever holds it. Her address is erased once she was answered.
"""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.crypto import get_random_string

from terril.web.espace.models import Contract, Entry

#: letters and digits that are not taken for one another
_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_code() -> str:
    """Return a follow-up code, « K7MW-3QFD »: nobody guesses it, anybody can copy it."""
    text = get_random_string(8, _LETTERS)
    return f"{text[:4]}-{text[4:]}"


def plain_code(typed: str) -> str:
    """Return a code as it is kept from what a person typed."""
    letters = "".join(c for c in typed.upper() if c.isalnum())
    return f"{letters[:4]}-{letters[4:8]}" if len(letters) == 8 else ""


class Raised(models.Model):
    """A need as a resident sent it. ``title`` and ``text`` are blanked once somebody read them."""

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="raised")
    code = models.CharField("code de suivi", max_length=9, unique=True, default=new_code)
    title = models.CharField("en quelques mots", max_length=120, blank=True)
    text = models.TextField("texte", blank=True)
    email = models.EmailField("adresse pour la réponse", blank=True)
    at = models.DateTimeField("reçu le", auto_now_add=True)
    read = models.DateTimeField("lu le", null=True)

    class Meta:
        """The oldest first."""

        verbose_name = "dépôt d’un habitant"
        verbose_name_plural = "dépôts des habitants"
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return self.code


class Reading(models.Model):
    """The public words of a row, as somebody who may publish read them last."""

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="reading")
    fingerprint = models.CharField("empreinte", max_length=64)
    by = models.CharField("par", max_length=36, blank=True)
    at = models.DateTimeField("le", auto_now=True)

    class Meta:
        """One a row."""

        verbose_name = "lecture"
        verbose_name_plural = "lectures"

    def __str__(self) -> str:
        return f"{self.entry}"


def _place(photo: Photo, name: str) -> str:
    """Return where a photo is kept: a name that tells nothing."""
    return f"photos/{photo.entry.contract.code}/{get_random_string(32)}.jpg"


class Photo(models.Model):
    """A photo of an observation. Private until somebody said that nobody can be recognised."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="+")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="photos")
    file = models.FileField("fichier", upload_to=_place, max_length=200)
    width = models.PositiveIntegerField("largeur")
    height = models.PositiveIntegerField("hauteur")
    words = models.CharField("ce que l’on voit", max_length=200, blank=True)
    read = models.DateTimeField("relue le", null=True)
    public = models.BooleanField("publique", default=False)
    by = models.CharField("ajoutée par", max_length=36, blank=True)
    at = models.DateTimeField("ajoutée le", auto_now_add=True)

    class Meta:
        """In the order they came."""

        verbose_name = "photo"
        verbose_name_plural = "photos"
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"photo {self.pk}"
