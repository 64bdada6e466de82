"""The indexes of the queue: by submission, by name, and of what a seat decided."""

import django.db.models.deletion
from django.db import migrations, models


def order_names_by_bytes(apps, schema_editor):
    """A prefix and its order are one range of an index only where names compare byte by byte, as SQLite's always do."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE workflow_case ALTER COLUMN subject TYPE varchar(100) COLLATE "C"')


def order_names_by_language(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE workflow_case ALTER COLUMN subject TYPE varchar(100) COLLATE "default"')


class Migration(migrations.Migration):
    dependencies = [("workflow", "0006_own_papers")]

    operations = [
        migrations.RunPython(order_names_by_bytes, order_names_by_language),
        migrations.RemoveIndex(model_name="case", name="case_queue"),
        migrations.RemoveIndex(model_name="caseevent", name="event_by_seat"),
        migrations.AlterField(
            model_name="case",
            name="supervisor",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="supervised_cases",
                to="workflow.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="act",
            name="organisation",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflow.organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("state", "in_review")),
                fields=["holder", "case_type", "stage", "submitted_at", "id", "due_on"],
                name="case_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("state", "in_review")),
                fields=["holder", "case_type", "stage", "subject", "id", "submitted_at"],
                name="case_queue_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="caseevent",
            index=models.Index(
                condition=models.Q(("action", "approve")),
                fields=["organisation", "from_stage", "id"],
                name="event_approved",
            ),
        ),
        migrations.AddIndex(
            model_name="caseevent",
            index=models.Index(
                condition=models.Q(("action__in", ["send_back", "reject"])),
                fields=["organisation", "from_stage", "id"],
                name="event_sent_back",
            ),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["organisation", "case_type"], name="act_by_service"),
        ),
    ]
