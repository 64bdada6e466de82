import django.db.models.deletion
from django.db import migrations, models

KINDS = [
    ("issued", "Issued"), ("printed", "Printed"), ("reprinted", "Printed again"), ("handed_out", "Handed out"),
    ("lost", "Reported lost"), ("found", "Found again"), ("frozen", "Frozen"), ("released", "Released"),
    ("cancelled", "Cancelled"), ("expired", "Expired"), ("left_unit", "Employer left"),
    ("came_back", "With the employer again"), ("renewed", "Renewed"), ("moved", "Employer changed"),
    ("replaced", "Replaced"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("talent", "0009_registration_use")]

    operations = [
        migrations.CreateModel(
            name="SignedCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("edition", models.PositiveSmallIntegerField(verbose_name="edition")),
                ("printed", models.BooleanField(verbose_name="on a plastic card")),
                ("at", models.DateTimeField(verbose_name="first drawn at")),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signed_codes", to="talent.card"
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="codes", to="talent.signingkey"
                    ),
                ),
            ],
            options={
                "verbose_name": "signed code of a card",
                "verbose_name_plural": "signed codes of cards",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("card", "edition", "key", "printed"), name="signed_code_once")
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="cardevent", name="card_event_known"),
        migrations.AlterField(
            model_name="cardevent",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=12, verbose_name="what happened"),
        ),
        migrations.AddConstraint(
            model_name="cardevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [key for key, _label in KINDS])), name="card_event_known"
            ),
        ),
    ]
