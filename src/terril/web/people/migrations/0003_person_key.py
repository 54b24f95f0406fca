import uuid
from typing import Any

from django.db import migrations, models


def give_keys(apps: Any, schema_editor: Any) -> None:
    """Give each person a key of her own."""
    people = apps.get_model("people", "Person").objects.using(schema_editor.connection.alias)
    for person in people.filter(key=None).iterator():
        people.filter(pk=person.pk).update(key=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_journal"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="key",
            field=models.UUIDField(editable=False, null=True, verbose_name="clé"),
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
    ]
