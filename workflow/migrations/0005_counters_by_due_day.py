"""The counters of the seats get the due day into their key; they are counted anew."""

import datetime

from django.db import migrations, models
from django.db.models import Count, Q


def empty(apps, schema_editor):
    apps.get_model("workflow", "SeatCounter").objects.all().delete()


def count(apps, schema_editor):
    waiting = apps.get_model("workflow", "Case").objects.filter(state="in_review", holder__isnull=False).order_by()
    groups = waiting.values_list("holder", "case_type", "stage", "due_on").annotate(n=Count("pk"))
    counter = apps.get_model("workflow", "SeatCounter")
    counter.objects.bulk_create(
        counter(organisation_id=holder, case_type=case_type, stage=stage, due_on=due_on, waiting=n)
        for holder, case_type, stage, due_on, n in groups
    )


class Migration(migrations.Migration):
    dependencies = [("workflow", "0004_objections_encrypted")]

    operations = [
        migrations.RunPython(empty, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="seatcounter", name="seat_counter_once"),
        migrations.AddField(
            model_name="seatcounter",
            name="due_on",
            field=models.DateField(default=datetime.date(2026, 1, 1)),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="seatcounter",
            constraint=models.UniqueConstraint(
                fields=("organisation", "case_type", "stage", "due_on"), name="seat_counter_once"
            ),
        ),
        migrations.RunPython(count, empty),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=Q(("holder", None), Q(("due_on__isnull", False), Q(("stage", ""), _negated=True)), _connector="OR"),
                name="case_held_is_due",
            ),
        ),
    ]
