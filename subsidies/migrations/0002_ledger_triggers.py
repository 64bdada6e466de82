from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from workflow.triggers import create_triggers

TABLES = [f"subsidies_{name}" for name in ("allocation", "payment", "arrival", "bounce", "accountcorrection")]


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    create_triggers(schema_editor.connection, TABLES)


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0001_initial"), ("workflow", "0001_initial")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
