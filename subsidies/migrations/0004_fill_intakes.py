"""Applications and documents from before the intakes: each belongs to the quarter of its first submission."""

import re
from datetime import date

from django.db import migrations

from subsidies.enums import BatchBy
from subsidies.intakes import period_of

# The day of the first submission stands in the case number.
NUMBER = re.compile(r"[0-9]{6}[A-Z]{3}([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{6}[0-9A-Z]")
CHUNK = 1_000


def _open(apps, day):
    period = period_of(day, BatchBy.QUARTER)
    intakes = apps.get_model("subsidies", "Intake").objects
    return intakes.get_or_create(code=period.code, defaults={"starts_on": period.first, "ends_on": period.last})[0]


def fill(apps, schema_editor):
    waiting = apps.get_model("subsidies", "RentApplication").objects.filter(intake=None).exclude(case__number="")
    case_model = apps.get_model("workflow", "Case")
    after = 0
    while rows := list(waiting.filter(pk__gt=after).select_related("case").order_by("pk")[:CHUNK]):
        after = rows[-1].pk
        dated = [(row, found) for row in rows if (found := NUMBER.fullmatch(row.case.number))]
        for row, found in dated:
            row.intake = _open(apps, date(*map(int, found.groups())))
            row.case.summary = {**row.case.summary, "intake": row.intake_id}
        waiting.model.objects.bulk_update([row for row, _found in dated], ["intake"])
        case_model.objects.bulk_update([row.case for row, _found in dated], ["summary"])
    _fill_documents(apps)


def _fill_documents(apps):
    """A document was about one quarter where all its cases are of one; others keep none."""
    members = apps.get_model("workflow", "BatchMember").objects
    links = apps.get_model("subsidies", "BatchIntake").objects
    batches = apps.get_model("workflow", "Batch").objects
    rows = batches.filter(case_type="graduate_rent", intake_of=None).exclude(kind="notice")
    for batch in rows.iterator(chunk_size=CHUNK):
        of_members = members.filter(batch=batch).values_list("case__rent_application__intake", flat=True)
        codes = set(of_members.distinct())
        if len(codes) == 1 and None not in codes:
            links.create(batch=batch, intake_id=codes.pop())


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0003_intakes"), ("workflow", "0003_one_file_of_an_act")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
