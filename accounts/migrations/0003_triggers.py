from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from workflow.triggers import create_triggers


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    create_triggers(schema_editor.connection, ["accounts_sensitiveview"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_people"), ("workflow", "0001_initial")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
