from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REGISTRATIONS = ("unit_registration", "person_registration")


def forget_returns(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Registrations filed again after a return wait for a decision like new ones: otherwise they never expire."""
    waiting = apps.get_model("workflow", "Case").objects.filter(case_type__in=REGISTRATIONS, state="in_review")
    waiting.exclude(decided_at=None).update(decided_at=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_triggers"), ("workflow", "0001_initial")]

    operations = [migrations.RunPython(forget_returns, migrations.RunPython.noop)]
