"""卡号 of cards that were issued before their queue showed it; where a printed card is collected, in words as shipped."""

from typing import Any

from django.db import migrations

# {field: as it was shipped, as it is now}; what an administrator has written stays.
WORDS = {
    "body": (
        "您的渤海英才卡 {number} 已打印，请携带本人证件到制发机构领取。",
        "您的渤海英才卡 {number} 已打印，请携带本人证件到{office}领取。",
    ),
    "body_en": (
        "Your Bohai talent card {number} is printed. Collect it at the office that issued it, with your identity "
        "document.",
        "Your Bohai talent card {number} is printed. Bring your identity document and collect it at {office}.",
    ),
}


def name_cards(apps: Any, _schema_editor: Any) -> None:
    cards = apps.get_model("talent", "Card").objects.select_related("case")
    for card in cards.iterator(chunk_size=500):
        card.case.summary = {**card.case.summary, "card_number": card.number}
        card.case.save(update_fields=["summary"])


def reword(apps: Any, _schema_editor: Any) -> None:
    templates = apps.get_model("accounts", "MessageTemplate").objects.filter(key="talent.card_printed")
    for field, (before, now) in WORDS.items():
        templates.filter(**{field: before}).update(**{field: now})


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0026_foreign_names"),
        ("talent", "0012_added_once"),
        ("workflow", "0012_papers_of_employers"),
    ]

    operations = [
        migrations.RunPython(name_cards, migrations.RunPython.noop),
        migrations.RunPython(reword, migrations.RunPython.noop),
    ]
