"""Unusual numbers in the application: told beside the field, on the last look and to the office."""

import pytest
from django.test import Client

from subsidies.models import RentApplication
from tests.subsidies.factories import ACCOUNT, make_submittable_application
from tests.subsidies.test_applicant_pages import answers, url
from workflow.identifiers import id_check_character

pytestmark = pytest.mark.django_db

NUMBER = "99090219700307001" + id_check_character("99090219700307001")
UNUSUAL_ACCOUNT = ACCOUNT[:-1] + str((int(ACCOUNT[-1]) + 1) % 10)


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("landlord_number", {"landlord_number": NUMBER}, "身份证号码前两位不是已知的省级代码"),
        ("account", {"account": UNUSUAL_ACCOUNT, "account_again": UNUSUAL_ACCOUNT}, "银行账号可能有误"),
    ],
)
def test_unusual_number_is_told_and_goes_on(client: Client, name: str, changes: dict[str, str], words: str) -> None:
    application = make_submittable_application()
    client.force_login(application.case.applicant)

    response = client.post(url("rent_edit", application), answers(application, **changes))
    form = client.get(url("rent_edit", application)).text
    check = client.get(url("rent_check", application)).text

    assert response["Location"] == url("rent_materials", application)
    assert f'id="id_{name}_doubt"' in form
    assert (form.count(words), check.count(words)) == (1, 1)
    assert getattr(RentApplication.objects.get(pk=application.pk), name) == changes[name]


def test_usual_numbers_raise_no_doubt(client: Client) -> None:
    application = make_submittable_application()
    client.force_login(application.case.applicant)

    pages = [client.get(url(name, application)).text for name in ("rent_edit", "rent_check")]

    assert ['class="doubt"' in page for page in pages] == [False, False]
