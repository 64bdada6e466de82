"""Which papers an approval has brought: until now their digest told, as far as it could."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def mark(apps: Any, _schema_editor: Any) -> None:
    proofs, materials = apps.get_model("talent", "Proof").objects, apps.get_model("workflow", "Material").objects
    uses = apps.get_model("talent", "RegistrationUse").objects.filter(papers=True)
    for use in uses.select_related("registration__case").iterator(chunk_size=500):
        case = use.registration.case
        handed_in = materials.filter(case=case).values("sha256")
        own = proofs.filter(material__owner=case.applicant_id, material__sha256__in=handed_in)
        own.update(brought_by=use.registration)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0026_foreign_names"),
        ("talent", "0013_card_numbers_and_words"),
        ("workflow", "0012_papers_of_employers"),
    ]

    operations = [
        migrations.AddField(
            model_name="proof",
            name="brought_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.personregistration",
                verbose_name="registration",
            ),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
