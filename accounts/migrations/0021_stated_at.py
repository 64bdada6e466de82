from django.db import migrations, models

import workflow.clock


class Migration(migrations.Migration):
    dependencies = [("accounts", "0020_my_data")]

    operations = [
        migrations.AddField(
            model_name="statedperson",
            name="stated_at",
            field=models.DateTimeField(default=workflow.clock.now, editable=False, verbose_name="stated at"),
        ),
        migrations.AddField(
            model_name="statedunit",
            name="stated_at",
            field=models.DateTimeField(default=workflow.clock.now, editable=False, verbose_name="stated at"),
        ),
    ]
