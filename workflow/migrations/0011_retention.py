import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from workflow.triggers import create_triggers


def protect(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    create_triggers(schema_editor.connection, ["workflow_purge", "workflow_paperlook"])


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0010_stand_ins"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                (
                    "key",
                    models.CharField(
                        editable=False, max_length=40, primary_key=True, serialize=False, verbose_name="class of data"
                    ),
                ),
                (
                    "minimum_days",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="required by law, in days"),
                ),
                (
                    "keep_days",
                    models.PositiveIntegerField(
                        help_text="Never less than the law requires.", null=True, verbose_name="kept for so many days"
                    ),
                ),
                ("purged_on", models.DateField(editable=False, null=True, verbose_name="last purge")),
            ],
            options={
                "verbose_name": "retention rule",
                "verbose_name_plural": "retention rules",
                "ordering": ["key"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("keep_days", None), ("keep_days__gte", models.F("minimum_days")), _connector="OR"
                        ),
                        name="retention_not_below_the_law",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Purge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rows", models.PositiveIntegerField(verbose_name="rows removed")),
                ("older_than", models.DateTimeField(verbose_name="older than")),
                ("oldest", models.DateTimeField(verbose_name="oldest row")),
                ("keep_days", models.PositiveIntegerField(verbose_name="kept for so many days")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purges",
                        to="workflow.retentionrule",
                        verbose_name="class of data",
                    ),
                ),
            ],
            options={
                "verbose_name": "removal after retention",
                "verbose_name_plural": "removals after retention",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="PaperLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.UUIDField(editable=False)),
                ("kind", models.CharField(max_length=60, verbose_name="kind of material")),
                ("how", models.CharField(max_length=12, verbose_name="how")),
                ("day", models.DateField(verbose_name="day")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflow.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflow.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="whose",
                    ),
                ),
                (
                    "viewer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "look at a paper",
                "verbose_name_plural": "looks at papers",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("token", "viewer", "how", "day"), name="paper_look_once_a_day")
                ],
            },
        ),
        migrations.RunPython(protect, migrations.RunPython.noop),
    ]
