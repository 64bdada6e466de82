from pathlib import Path

import yaml
from django.db import migrations, models

SHIPPED = Path(__file__).parent.parent / "data" / "graduate_rent.yaml"


def say_in_english(apps, schema_editor):
    """Where the words still are those that were shipped."""
    shipped = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    programmes = apps.get_model("subsidies", "Programme").objects
    for name in ("legal_basis", "contact"):
        programmes.filter(**{name: shipped[name]}).update(**{f"{name}_en": shipped[f"{name}_en"]})
    for programme in programmes.all():
        same = [rule for rule, text in programme.basis.items() if shipped["basis"].get(rule) == text]
        programme.basis_en = {rule: shipped["basis_en"][rule] for rule in same}
        programme.save(update_fields=["basis_en"])


def nothing(apps, schema_editor):
    pass


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0005_bank_files")]

    operations = [
        migrations.RemoveField(model_name="programme", name="node_workdays"),
        migrations.RemoveField(model_name="programme", name="publicity_workdays"),
        migrations.RemoveField(model_name="programme", name="objection_workdays"),
        migrations.AlterField(
            model_name="programme", name="legal_basis", field=models.TextField(blank=True, verbose_name="basis")
        ),
        migrations.AddField(
            model_name="programme",
            name="legal_basis_en",
            field=models.TextField(blank=True, default="", verbose_name="basis in English"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="programme",
            name="contact_en",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="where to ask, in English"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="programme",
            name="basis_en",
            field=models.JSONField(blank=True, default=dict, verbose_name="basis per rule, in English"),
        ),
        migrations.RunPython(say_in_english, nothing, elidable=True),
    ]
