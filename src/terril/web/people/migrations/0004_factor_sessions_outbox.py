import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_person_key"),
    ]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="key",
            field=models.UUIDField(
                default=uuid.uuid4, editable=False, unique=True, verbose_name="clé"
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="deleted",
            field=models.DateTimeField(blank=True, null=True, verbose_name="supprimé le"),
        ),
        migrations.AddField(
            model_name="person",
            name="pace",
            field=models.CharField(
                choices=[
                    ("jour", "chaque jour"),
                    ("semaine", "chaque semaine, le lundi"),
                    ("jamais", "jamais"),
                ],
                default="semaine",
                max_length=8,
                verbose_name="rappels",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="reminded",
            field=models.DateField(blank=True, null=True, verbose_name="dernier rappel"),
        ),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("secret", models.CharField(max_length=64, verbose_name="secret")),
                ("confirmed", models.DateTimeField(null=True, verbose_name="confirmé le")),
                ("step", models.BigIntegerField(default=0, verbose_name="dernier pas")),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="factor",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "second facteur",
                "verbose_name_plural": "seconds facteurs",
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="empreinte")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recovery_codes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "code de secours",
                "verbose_name_plural": "codes de secours",
            },
        ),
        migrations.CreateModel(
            name="OpenSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "session",
                    models.CharField(max_length=40, unique=True, verbose_name="clé de session"),
                ),
                ("opened", models.DateTimeField(auto_now_add=True, verbose_name="ouverte")),
                ("seen", models.DateTimeField(verbose_name="vue")),
                ("device", models.CharField(max_length=60, verbose_name="appareil")),
                ("network", models.CharField(max_length=50, verbose_name="réseau")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="open_sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "session ouverte",
                "verbose_name_plural": "sessions ouvertes",
                "ordering": ("-seen", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Outbox",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("to", models.CharField(max_length=254, verbose_name="adresse")),
                ("subject", models.CharField(max_length=200, verbose_name="objet")),
                ("text", models.TextField(verbose_name="texte")),
                ("headers", models.JSONField(default=dict, verbose_name="en-têtes")),
                ("made", models.DateTimeField(auto_now_add=True, verbose_name="écrit le")),
                ("until", models.DateTimeField(null=True, verbose_name="périme le")),
                ("taken", models.DateTimeField(null=True, verbose_name="pris le")),
                ("tried", models.PositiveSmallIntegerField(default=0, verbose_name="essais")),
                (
                    "error",
                    models.CharField(default="", max_length=200, verbose_name="dernier échec"),
                ),
                (
                    "sent",
                    models.DateTimeField(db_index=True, null=True, verbose_name="envoyé le"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="destinataire",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ("made", "pk"),
            },
        ),
    ]
