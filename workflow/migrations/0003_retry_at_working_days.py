from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0002_triggers")]

    operations = [
        migrations.AddField(
            model_name="outboxmessage",
            name="retry_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="publicnotice",
            name="working_days",
            field=models.PositiveSmallIntegerField(default=5, verbose_name="working days"),
            preserve_default=False,
        ),
    ]
