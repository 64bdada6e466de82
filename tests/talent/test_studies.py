"""The table 学历学位 of the application for the card (spec 4.7)."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from talent.filing import build_sections
from tests.talent.card_factories import CardApplicationFactory
from tests.talent.factories import EducationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("facts", "period", "number"),
    [
        ({}, "2024-06", "A1"),
        ({"enrolled_on": date(2021, 9, 1)}, "2021-09 – 2024-06", "A1"),
        ({"degree_number": "D2"}, "2024-06", "A1 / D2"),
        ({"foreign_certificate": "教留服认1号", "degree_number": "D2"}, "2024-06", "教留服认1号 / D2"),
    ],
)
def test_study_is_filed_with_its_time_and_its_numbers(facts: dict[str, object], period: str, number: str) -> None:
    application = CardApplicationFactory()
    application.person.educations.all().delete()
    EducationFactory(
        person=application.person, graduated_on=date(2024, 6, 28), **({"certificate_number": "A1"} | facts)
    )

    with translation.override("zh-hans"):
        studies = next(part for part in build_sections(application) if part["key"] == "studies")

    assert (studies["columns"][4], studies["columns"][7]) == ("入学/毕业时间", "证书编号")
    (row,) = studies["rows"]
    cells = row["cells"]
    assert (cells[4], cells[7]) == (period, number)
