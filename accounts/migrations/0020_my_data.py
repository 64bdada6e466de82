import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import workflow.fields
from workflow.triggers import create_triggers


def protect(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    create_triggers(schema_editor.connection, ["accounts_dataerasure"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0019_unit_people")]

    operations = [
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("correction", "Correction"), ("deletion", "Deletion of my data")],
                        max_length=12,
                        verbose_name="kind of request",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=40, verbose_name="about")),
                ("wish", workflow.fields.EncryptedTextField(max_length=500, verbose_name="what is asked for")),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("due_on", models.DateField(verbose_name="answer due on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for the answer"),
                            ("granted", "Granted"),
                            ("refused", "Refused"),
                            ("taken_back", "Taken back"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "answer",
                    workflow.fields.EncryptedTextField(blank=True, default="", max_length=500, verbose_name="answer"),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="answered at")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data_requests",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "request about own data",
                "verbose_name_plural": "requests about own data",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="DataErasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("erased", models.JSONField(default=list, verbose_name="erased")),
                ("kept", models.JSONField(default=list, verbose_name="kept by law")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasure",
                        to="accounts.datarequest",
                        verbose_name="request about own data",
                    ),
                ),
            ],
            options={
                "verbose_name": "erasure of an account",
                "verbose_name_plural": "erasures of accounts",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ConsentWithdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="withdrawn at")),
                ("given_again_at", models.DateTimeField(null=True, verbose_name="given again at")),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawals",
                        to="accounts.consent",
                        verbose_name="consent",
                    ),
                ),
            ],
            options={
                "verbose_name": "withdrawal of a consent",
                "verbose_name_plural": "withdrawals of consents",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("given_again_at", None)), fields=("consent",), name="consent_withdrawn_once"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="datarequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("user", "kind", "subject"),
                name="data_request_one_open_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="datarequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by", None), ("state__in", ["waiting", "taken_back"])),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state__in", ["granted", "refused"]),
                    ),
                    _connector="OR",
                ),
                name="data_request_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="datarequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None), models.Q(("decided_by", models.F("user")), _negated=True), _connector="OR"
                ),
                name="data_request_four_eyes",
            ),
        ),
        migrations.RunPython(protect, migrations.RunPython.noop),
    ]
