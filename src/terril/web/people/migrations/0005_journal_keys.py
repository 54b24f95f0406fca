import importlib
import uuid
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from terril.web.people.journal import without_addresses

_FIRST = importlib.import_module("terril.web.people.migrations.0002_journal")
_COMMANDS = "ligne de commande"
#: verbs whose « sur quoi » was the address of an account
_ON_ACCOUNTS = ("compte créé", "compte fermé", "mot de passe remplacé", "mot de passe changé")


def resolve(apps: Any, schema_editor: Any) -> None:
    """Put keys where addresses were, and take out those that stand in the texts.

    An address without an account gets a key that leads nowhere, the same for all its lines: it
    is still seen that one person did them, no more who.
    """
    alias = schema_editor.connection.alias
    people = apps.get_model("people", "Person").objects.using(alias)
    lines = apps.get_model("people", "Journal").objects.using(alias)
    keys: dict[str, uuid.UUID] = {
        email.lower(): key for email, key in people.values_list("email", "key")
    }

    def key_of(address: str) -> uuid.UUID:
        return keys.setdefault(address.strip().lower(), uuid.uuid4())

    for line in lines.order_by("pk").iterator():
        subject, thing = None, line.thing
        if line.verb in _ON_ACCOUNTS and "@" in thing:
            subject, thing = key_of(thing), "compte"
        lines.filter(pk=line.pk).update(
            actor_id=None if line.who == _COMMANDS else key_of(line.who),
            subject_id=subject,
            thing=without_addresses(thing),
            details=without_addresses(line.details),
        )


def name_again(apps: Any, schema_editor: Any) -> None:
    """Write the address of whoever still has an account."""
    alias = schema_editor.connection.alias
    people = apps.get_model("people", "Person").objects.using(alias)
    lines = apps.get_model("people", "Journal").objects.using(alias)
    emails = dict(people.values_list("key", "email"))
    for line in lines.order_by("pk").iterator():
        known = emails.get(line.actor_id, "personne supprimée")
        lines.filter(pk=line.pk).update(who=_COMMANDS if line.actor_id is None else known)


def _key(label: str) -> Any:
    return models.ForeignKey(
        db_constraint=False,
        null=True,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        to_field="key",
        verbose_name=label,
    )


class Migration(migrations.Migration):
    """The triggers let go while the table changes, and are there again at the end."""

    dependencies = [
        ("people", "0004_factor_sessions_outbox"),
    ]

    operations = [
        migrations.RunPython(_FIRST.let_go, _FIRST.keep),
        migrations.AddField("journal", "actor", _key("qui")),
        migrations.AddField("journal", "subject", _key("sur qui")),
        migrations.AddField(
            "journal",
            "origin",
            models.CharField(default="", max_length=20, verbose_name="sans compte"),
        ),
        migrations.AddField(
            "journal",
            "contract",
            models.CharField(db_index=True, default="", max_length=60, verbose_name="contrat"),
        ),
        migrations.AddField(
            "journal",
            "register",
            models.CharField(default="", max_length=60, verbose_name="registre"),
        ),
        migrations.AddField(
            "journal", "number", models.IntegerField(null=True, verbose_name="numéro")
        ),
        # going back, the column comes empty before it is filled
        migrations.AlterField(
            "journal", "who", models.CharField(default="", max_length=254, verbose_name="qui")
        ),
        migrations.RunPython(resolve, name_again),
        migrations.RemoveField("journal", "who"),
        migrations.AddIndex(
            "journal",
            models.Index(fields=["contract", "register", "number"], name="journal_of_a_row"),
        ),
        migrations.RunPython(_FIRST.keep, _FIRST.let_go),
    ]
