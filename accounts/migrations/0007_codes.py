from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_sign_ins")]

    operations = [
        migrations.CreateModel(
            name="CodeGate",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("touched_at", models.DateTimeField(db_index=True)),
            ],
            options={"verbose_name": "gate of codes", "verbose_name_plural": "gates of codes"},
        ),
        migrations.CreateModel(
            name="SmsCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("register", "Registration"),
                            ("sign_in", "Sign-in"),
                            ("reset", "New password"),
                            ("change_phone_old", "Change of the mobile number"),
                            ("change_phone_new", "New mobile number"),
                        ],
                        max_length=20,
                        verbose_name="purpose",
                    ),
                ),
                ("phone_hash", models.CharField(editable=False, max_length=64)),
                ("browser_hash", models.CharField(editable=False, max_length=64)),
                ("address_hash", models.CharField(editable=False, max_length=64)),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("sent_at", models.DateTimeField(verbose_name="sent at")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("used_at", models.DateTimeField(null=True, verbose_name="used at")),
                ("voided_at", models.DateTimeField(null=True, verbose_name="replaced at")),
            ],
            options={
                "verbose_name": "code by text message",
                "verbose_name_plural": "codes by text message",
                "indexes": [
                    models.Index(fields=["phone_hash", "sent_at"], name="code_of_phone"),
                    models.Index(fields=["address_hash", "sent_at"], name="code_of_address"),
                    models.Index(fields=["sent_at"], name="code_by_age"),
                ],
            },
        ),
    ]
