"""The talent space of a person as tests need it."""

from datetime import date

from accounts.models import Person
from talent.models import FamilyMember, Honour, Project

HONOUR = {
    "name": "河北省科技进步奖",
    "grade": "provincial",
    "issuer": "河北省人民政府",
    "received_on": date(2024, 5, 1),
}
PROJECT = {"kind": "patent", "name": "一种复合材料", "part": "第一发明人", "finished_on": date(2024, 3, 1)}
FAMILY = {"relation": "spouse", "name": "王芳", "document_kind": "01", "number": "130902199203040021"}


def make_rows(person: Person) -> dict[str, int]:
    """One row of each kind: {kind: its key}."""
    return {
        "honour": Honour.objects.create(person=person, **HONOUR).pk,
        "project": Project.objects.create(person=person, **PROJECT).pk,
        "family": FamilyMember.objects.create(person=person, **FAMILY).pk,
    }
