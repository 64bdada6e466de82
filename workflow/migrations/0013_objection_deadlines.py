"""Until when an objection is decided: the notice says within how many working days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0012_papers_of_employers")]

    operations = [
        migrations.AddField(
            model_name="publicnotice",
            name="objection_days",
            field=models.PositiveSmallIntegerField(default=10, verbose_name="working days to examine an objection"),
        ),
        migrations.AddField(
            model_name="objection",
            name="due_on",
            field=models.DateField(null=True, verbose_name="to be decided by"),
        ),
    ]
