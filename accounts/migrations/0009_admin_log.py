from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from workflow.triggers import create_triggers


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What administrators did stays as it was written."""
    create_triggers(schema_editor.connection, ["django_admin_log"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_messages"), ("admin", "0003_logentry_add_action_flag_choices")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
