from pathlib import Path

import django.db.models.deletion
import yaml
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from workflow.triggers import create_triggers

SHIPPED = Path(__file__).parent.parent / "data" / "bohai_card.yaml"


def create(apps, schema_editor):
    create_triggers(schema_editor.connection, ["talent_printfetch"])


def say_in_english(apps, schema_editor):
    """Where the words still are those that were shipped."""
    shipped = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    schemes = apps.get_model("talent", "CardScheme").objects
    for name in ("legal_basis", "contact"):
        schemes.filter(**{name: shipped[name]}).update(**{f"{name}_en": shipped[f"{name}_en"]})


def assume_keys(apps, schema_editor):
    """Of editions that were printed before their key was written down: every key that signed from then on."""
    codes, keys = apps.get_model("talent", "SignedCode").objects, apps.get_model("talent", "SigningKey").objects
    prints = apps.get_model("talent", "CardPrint").objects.filter(edition=F("card__edition"), copy=1)
    known = set(codes.filter(printed=True).values_list("card", "edition"))
    rows = []
    for card, edition, at in prints.values_list("card", "edition", "run__made_at"):
        if (card, edition) in known:
            continue
        facts = {"card_id": card, "edition": edition, "printed": True, "assumed": True, "at": at}
        rows += [
            codes.model(key_id=key, **facts)
            for key in keys.filter(Q(ended_at=None) | Q(ended_at__gte=at)).values_list("pk", flat=True)
        ]
    codes.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def nothing(apps, schema_editor):
    pass


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("talent", "0014_origin_of_papers"),
    ]

    operations = [
        migrations.AddField(
            model_name="signedcode",
            name="assumed",
            field=models.BooleanField(default=False, verbose_name="not written down then"),
        ),
        migrations.RemoveField(model_name="cardscheme", name="node_workdays"),
        migrations.RemoveField(model_name="cardscheme", name="publicity_workdays"),
        migrations.AlterField(
            model_name="cardscheme", name="legal_basis", field=models.TextField(blank=True, verbose_name="basis")
        ),
        migrations.AddField(
            model_name="cardscheme",
            name="legal_basis_en",
            field=models.TextField(blank=True, default="", verbose_name="basis in English"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="cardscheme",
            name="contact_en",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="where to ask, in English"),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="PrintFetch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fetched_at", models.DateTimeField(verbose_name="taken at")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "fetched_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="fetches", to="talent.printrun"
                    ),
                ),
            ],
            options={
                "verbose_name": "download of a print run",
                "verbose_name_plural": "downloads of print runs",
                "ordering": ["id"],
            },
        ),
        migrations.RunPython(create, nothing, elidable=False),
        migrations.RunPython(say_in_english, nothing, elidable=True),
        migrations.RunPython(assume_keys, nothing, elidable=True),
    ]
