from django.db import migrations, models

import workflow.fields


class Migration(migrations.Migration):
    dependencies = [("accounts", "0017_sign_ups")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="document_number",
            field=workflow.fields.EncryptedTextField(
                blank=True, default="", max_length=30, verbose_name="document number"
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="identity_key",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True), models.Q(("identity_key", ""), _negated=True)),
                fields=("identity_key",),
                name="officer_one_account",
            ),
        ),
    ]
