"""What of participation awaits a person: to read, to answer, to look at?"""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from terril.contrat.participation.delays import is_late
from terril.contrat.participation.forms import ACTIVITY_LABELS, Activity, forms
from terril.contrat.participation.needs import WAITING, need_wait, state_of
from terril.contrat.participation.referrals import OPEN, referral_wait
from terril.lib.french import NBSP, compte
from terril.registres.rows import Row
from terril.web.espace.awaited import Awaited, awaits
from terril.web.espace.models import Membership
from terril.web.espace.perms import can, can_write
from terril.web.espace.shown import address_of
from terril.web.espace.space import Space
from terril.web.participation.actions.add_photo import can_read_photo
from terril.web.participation.models import Photo, Raised
from terril.web.participation.publication import RIGHT, fingerprint, read_fingerprints


def to_read(space: Space) -> tuple[list[int], list[Photo]]:
    """Return the needs and the photos that she should read, none without the right."""
    if can(space, RIGHT) is not None:
        return [], []
    raised = set(
        Raised.objects.filter(
            entry__contract=space.contract, entry__register="besoins", read__isnull=True
        )
        .exclude(text="")
        .values_list("entry__number", flat=True)
    )
    read = read_fingerprints(space.contract, "besoins")
    readers = _readers(space)
    needs = [
        row.number
        for row in space.rows("besoins")
        if (
            row.number in raised
            or (row.get("publie") is True and read.get(row.number) != fingerprint("besoins", row))
            or (row.get("publie") is None and row.get("texte") and _unread(row, readers))
        )
        and can_write(space, "besoins", row) is None
    ]
    waiting = Photo.objects.filter(contract=space.contract, read__isnull=True)
    photos = [
        photo
        for photo in waiting.filter(~Q(file="")).select_related("entry")
        if can_read_photo(space, space.row("observations", photo.entry.number)) is None
    ]
    return needs, photos


def _readers(space: Space) -> frozenset[str]:
    """The keys of those who may publish, or might once, in this contract."""
    held = Membership.objects.filter(
        contract=space.contract, role__in=space.catalogue.rights[RIGHT].roles
    )
    return frozenset(str(key) for key in held.values_list("person__key", flat=True))


def _unread(row: Row, readers: frozenset[str]) -> bool:
    """Was this need written by a member who may not publish, a councillor?"""
    return bool(row.author) and row.author not in readers


@awaits
def participation_awaits(space: Space) -> list[Awaited]:
    """What residents sent and nobody read, what nobody answered, what fades."""
    found: list[Awaited] = []
    home = reverse("participation", args=[space.contract.code])
    needs, photos = to_read(space)
    if needs:
        text = compte(len(needs), "besoin ou idée à relire", "besoins ou idées à relire")
        found.append(Awaited(text, f"{home}#a-relire"))
    if photos:
        text = compte(len(photos), "photo à relire", "photos à relire")
        found.append(Awaited(text, f"{home}#a-relire"))
    if can(space, RIGHT) is not None:
        return found
    most = int(space.catalogue.number("participation_besoin_jours"))
    late = [
        row
        for row in space.rows("besoins")
        if state_of(row) in WAITING
        and is_late(need_wait(row), space.today, most)
        and can_write(space, "besoins", row) is None
    ]
    if late:
        text = compte(len(late), "besoin sans réponse", "besoins sans réponse")
        board = reverse("besoins", args=[space.contract.code])
        found.append(Awaited(f"{text} depuis plus de {most} jours", board, level="retard"))
    found += _referrals(space)
    if "chargee_mission" in space.roles:
        fading = [
            f
            for f in forms(space, space.catalogue)
            if f.activity in (Activity.FADING, Activity.SILENT)
        ]
        found += [
            Awaited(
                f"{f.name}{NBSP}: {ACTIVITY_LABELS[f.activity].lower()}",
                address_of(space, "formes", f.number),
                level="information",
            )
            for f in fading
        ]
    return found


def _referrals(space: Space) -> list[Awaited]:
    most = int(space.catalogue.number("participation_reponse_jours"))
    return [
        Awaited(
            f"Interpellation sans réponse{NBSP}: {row.get('objet')}",
            address_of(space, "interpellations", row.number),
            row.get("attendue_le"),
            "retard",
        )
        for row in space.rows("interpellations")
        if (row.get("etat") or "posee") in OPEN
        and is_late(referral_wait(row), space.today, most)
        and can_write(space, "interpellations", row) is None
    ]
