from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from workflow.triggers import create_triggers

APPROVED_BY_REVIEW = 2


def raise_levels(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Whose registration was approved has shown the papers."""
    apps.get_model("accounts", "User").objects.filter(is_approved=True, kind__in=("person", "unit")).update(
        real_name_level=APPROVED_BY_REVIEW
    )


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    create_triggers(schema_editor.connection, ["accounts_verification"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_real_name")]

    operations = [
        migrations.RunPython(raise_levels, migrations.RunPython.noop),
        migrations.RunPython(create, migrations.RunPython.noop),
    ]
