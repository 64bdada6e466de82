from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Count


def keep_one(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Of several copies the one that the record of the act names; the files of the others are swept away later."""
    materials = apps.get_model("workflow", "Material").objects
    doubled = materials.exclude(act=None).values("act", "kind").annotate(copies=Count("id")).filter(copies__gt=1)
    for row in doubled.values_list("act", "kind"):
        copies = materials.filter(act=row[0], kind=row[1])
        copies.exclude(pk=_named(apps, *row) or copies.order_by("id").values_list("id", flat=True)[0]).delete()


def _named(apps: StateApps, act: Any, kind: str) -> int | None:
    payloads = apps.get_model("workflow", "CaseEvent").objects.filter(act=act).values_list("payload", flat=True)
    paper = (payloads.first() or {}).get(kind)
    return paper.get("id") if isinstance(paper, dict) else None


class Migration(migrations.Migration):
    dependencies = [("workflow", "0002_triggers")]

    operations = [
        migrations.RunPython(keep_one, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="material",
            constraint=models.UniqueConstraint(fields=("act", "kind"), name="material_act_kind_once"),
        ),
    ]
