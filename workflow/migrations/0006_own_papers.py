"""A person keeps papers of their own, and a filing holds on to those that it names."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from workflow.triggers import create_triggers

TABLE = "workflow_filedmaterial"


def drop_unclaimed(apps, schema_editor):
    """Files of acts that never came about belong to nothing; their content is swept away later."""
    apps.get_model("workflow", "Material").objects.filter(case=None, act=None).delete()


def lock(apps, schema_editor):
    create_triggers(schema_editor.connection, [TABLE])


class Migration(migrations.Migration):
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL), ("workflow", "0005_counters_by_due_day")]

    operations = [
        migrations.RunPython(drop_unclaimed, migrations.RunPython.noop),
        migrations.AddField(
            model_name="material",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="materials",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="material",
            constraint=models.CheckConstraint(
                condition=(
                    Q(case__isnull=False, act=None, owner=None)
                    | Q(case=None, act__isnull=False, owner=None)
                    | Q(case=None, act=None, owner__isnull=False)
                ),
                name="material_belongs_to_one",
            ),
        ),
        migrations.CreateModel(
            name="FiledMaterial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "filing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filed_materials",
                        to="workflow.filing",
                    ),
                ),
                (
                    "material",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="filed", to="workflow.material"
                    ),
                ),
            ],
            options={
                "verbose_name": "filed material",
                "verbose_name_plural": "filed materials",
                "constraints": [models.UniqueConstraint(fields=("filing", "material"), name="filed_material_once")],
            },
        ),
        migrations.RunPython(lock, migrations.RunPython.noop),
    ]
