"""Whole journeys with every logger at DEBUG, SQL included: no ID number, phone, account, code or password in a line."""

import io
import logging
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils.module_loading import import_string

from accounts.models import TextMessage, User
from subsidies.models import RentApplication
from tests.accounts.factories import PASSWORD, PersonFactory, UnitFactory, UserFactory
from tests.accounts.filling import CAPTCHA
from tests.subsidies.factories import make_submitted_application
from tests.subsidies.walking import officer_of, open_offices, walk
from tests.workflow.files import pdf
from workflow import clock, registry
from workflow.models import Job
from workflow.services.jobs import run_job
from workflow.worker import work_once

pytestmark = pytest.mark.django_db

NEW = "Bohai-2027"


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    """Every line of every logger as the settings would write it, the statements of the database among them."""
    format_of = dict(django_settings.LOGGING["formatters"]["line"])
    formatter = import_string(format_of.pop("()"))(format_of["format"], style=format_of["style"])
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    loggers = [logging.getLogger(), logging.getLogger("django.db.backends"), logging.getLogger("django")]
    levels = [logger.level for logger in loggers]
    loggers[0].addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    connection.force_debug_cursor = True
    yield stream
    connection.force_debug_cursor = False
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def found_in(text: str, secrets: list[str]) -> list[str]:
    return [secret for secret in secrets if secret and secret in text]


def codes() -> list[str]:
    texts = TextMessage.objects.filter(params__isnull=False)
    return [text.params["code"] for text in texts if text.params and "code" in text.params]


def test_ways_in(client: Client, logs: io.StringIO) -> None:
    person = PersonFactory()
    user = person.users.get()
    facts = {"kind": "person", "account": user.username, "name": user.name, "phone": user.phone}
    client.post("/sign-in/forgotten/", facts | {"send_code": "code", "password": NEW, "password_again": NEW})
    sent = codes()
    form = facts | {"password": NEW, "password_again": NEW}
    client.post("/sign-in/forgotten/", form | {"code": "000000"})
    client.post("/sign-in/forgotten/", form | {"code": sent[-1]})
    for password in (PASSWORD, NEW):
        client.post("/sign-in/person/", {"username": user.username, "password": password} | CAPTCHA)
    client.post("/account/password/", {"current": NEW, "password": f"{NEW}-x", "password_again": f"{NEW}-x"})
    client.post("/account/phone/", {"phone": "13711112222", "send_code": "code"})

    assert sent
    written = logs.getvalue()
    assert "django.db.backends" in written
    assert "UPDATE" in written
    assert found_in(written, [person.number, person.phone, "13711112222", PASSWORD, NEW, *codes()]) == []


def test_a_case_its_papers_looks_filters_and_exports(client: Client, logs: io.StringIO) -> None:
    open_offices()
    person = PersonFactory(unit=UnitFactory())
    application = make_submitted_application(person=person)
    case = application.case
    walk(case, to="county_hr")
    bureau = officer_of(case.unit.parent)
    owner, office = Client(), Client()
    owner.force_login(person.users.get())
    office.force_login(bureau.user)
    logs.truncate(0)

    office.post(f"/full/{case.pk}/number/", {"reason": "核对"})
    office.post("/queue/graduate_rent/county_hr/", {"id_number": person.number})
    office.get(f"/queue/graduate_rent/county_hr/?id_number={person.number}&name={person.name}")
    paper = case.materials.first()
    b"".join(office.get(f"/materials/{paper.token}/download/").streaming_content)
    name = f"身份证{person.number}.pdf"
    owner.post(f"/cases/{case.pk}/materials/add/", {"kind": "id_card", "file": SimpleUploadedFile(name, pdf())})
    owner.post("/my-data/held/identity/")
    owner.post("/my-data/export/")
    work_once()
    office.get(f"/nothing/{person.number}/?phone={person.phone}")
    Client(enforce_csrf_checks=True).post("/sign-in/person/", {"username": person.phone, "password": PASSWORD})

    written = logs.getvalue()
    account = RentApplication.objects.get(pk=application.pk).account
    assert "tongban.access" in written
    assert "django.security.csrf" in written
    assert Job.objects.get(kind="accounts.export_my_data").state == "done"
    assert found_in(written, [person.number, person.phone, account, PASSWORD]) == []


def test_the_administration(client: Client, logs: io.StringIO) -> None:
    person = PersonFactory()
    user = person.users.get()
    client.force_login(UserFactory(administrator=True))
    logs.truncate(0)

    client.get(f"/admin/accounts/user/?q={person.phone}")
    page = client.get(f"/admin/accounts/user/{user.pk}/change/")
    client.post(f"/admin/accounts/user/{user.pk}/change/", {"name": user.name, "is_active": "on"})
    client.get("/admin/accounts/person/")

    assert page.status_code == 200
    assert found_in(logs.getvalue(), [person.number, person.phone, PASSWORD]) == []


def test_errors_tell_where_and_never_what_stood_in_their_variables(
    client: Client, logs: io.StringIO, monkeypatch
) -> None:
    person = PersonFactory()

    def break_down(request: Any) -> None:
        number, password = person.number, PASSWORD
        raise RuntimeError(f"{len(number)} {len(password)} {number}")

    monkeypatch.setattr("accounts.views.my_data.sections_for", break_down)
    client.force_login(person.users.get())
    client.raise_request_exception = False
    assert client.get("/my-data/").status_code == 500

    written = logs.getvalue()
    assert "RuntimeError: 18 12" in written
    assert found_in(written, [person.number, PASSWORD]) == []


def test_a_task_that_fails(logs: io.StringIO, monkeypatch) -> None:
    person = PersonFactory()

    def fail(job: Job) -> None:
        raise ValueError(f"row 7: {person.number} {person.phone}")

    monkeypatch.setitem(registry.jobs, "accounts.export_my_data", fail)
    job = Job.objects.create(
        token=uuid.uuid4(),
        kind="accounts.export_my_data",
        title="x",
        asked_by=User.objects.get(person=person),
        state="running",
        created_at=clock.now(),
    )
    run_job(job)

    written = logs.getvalue()
    assert "ValueError: row 7" in written
    assert found_in(written, [person.number, person.phone]) == []
