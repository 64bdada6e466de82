from django.db import migrations, models


def drop_doubles(apps, schema_editor):
    """The old rule was not kept by SQLite."""
    days = apps.get_model("workflow", "CalendarDay").objects
    first = days.values("day", "region").annotate(first=models.Min("pk")).values("first")
    days.exclude(pk__in=list(first.values_list("first", flat=True))).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('workflow', '0003_retry_at_working_days'),
    ]

    operations = [
        migrations.RunPython(drop_doubles, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='calendarday',
            name='calendar_day_once',
        ),
        migrations.AddConstraint(
            model_name='calendarday',
            constraint=models.UniqueConstraint(fields=('day', 'region'), name='calendar_day_once'),
        ),
        migrations.AddConstraint(
            model_name='calendarday',
            constraint=models.UniqueConstraint(condition=models.Q(('region', None)), fields=('day',), name='calendar_day_once_nationally'),
        ),
    ]
