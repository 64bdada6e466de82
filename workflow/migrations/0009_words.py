import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from workflow.triggers import create_triggers


def protect(apps, schema_editor):
    create_triggers(schema_editor.connection, ["workflow_erasure", "workflow_eventremark"])


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0008_internal_numbers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="erased by",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasure",
                        to="workflow.caseevent",
                        verbose_name="event",
                    ),
                ),
            ],
            options={
                "verbose_name": "erasure of words",
                "verbose_name_plural": "erasures of words",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="erasure_has_reason")
                ],
            },
        ),
        migrations.CreateModel(
            name="EventRemark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField(blank=True)),
                ("salt", models.CharField(blank=True, max_length=32)),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="workflow.caseevent",
                    ),
                ),
            ],
            options={
                "ordering": ["event", "number"],
                "constraints": [models.UniqueConstraint(fields=("event", "number"), name="event_remark_once")],
            },
        ),
        migrations.RunPython(protect, migrations.RunPython.noop),
    ]
