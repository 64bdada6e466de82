import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from workflow.triggers import create_triggers


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    create_triggers(schema_editor.connection, ["accounts_consent", "accounts_terms"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0016_real_name_requests")]

    operations = [
        migrations.AlterField(
            model_name="identifier",
            name="kind",
            field=models.CharField(
                choices=[
                    ("id_number", "Document number"),
                    ("phone", "Mobile number"),
                    ("uscc", "Unified social credit code"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AlterModelOptions(
            name="terms",
            options={"verbose_name": "text to agree to", "verbose_name_plural": "texts to agree to"},
        ),
        migrations.CreateModel(
            name="SignUp",
            fields=[
                ("token", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_up",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "registration of an account",
                "verbose_name_plural": "registrations of accounts",
            },
        ),
        migrations.RunPython(create, migrations.RunPython.noop),
    ]
