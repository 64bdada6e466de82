from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0026_foreign_names"),
        ("talent", "0008_specialists"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegistrationUse",
            fields=[
                (
                    "registration",
                    models.OneToOneField(
                        on_delete=models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.personregistration",
                        verbose_name="registration",
                    ),
                ),
                ("study", models.BooleanField(default=False)),
                ("papers", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "use of a registration",
                "verbose_name_plural": "uses of registrations",
                "indexes": [
                    models.Index(
                        condition=models.Q(("papers", False)),
                        fields=["registration"],
                        name="registration_papers_wait",
                    )
                ],
            },
        ),
    ]
