"""What else an erasure must find: papers that employers need, drafts, other requests, and files of tasks."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import DataRequest, LabourProfile, Person, UnitTransfer, User
from accounts.own_data import employer
from accounts.services.data_export import start_data_export
from accounts.services.data_requests import answer, ask
from accounts.services.unit_transfers import save_transfer
from tests.accounts.factories import PersonFactory, UnitFactory, UserFactory
from tests.accounts.managing import add_manager, handler_of, make_unit, signed_in
from tests.accounts.test_completion import form_of
from tests.workflow.files import pdf
from workflow import clock
from workflow.enums import JobState
from workflow.models import Case, Duty, Job
from workflow.services import Refused
from workflow.services.jobs import claim_job, expire_results, run_job

pytestmark = pytest.mark.django_db


def erase(user: User) -> None:
    request = ask(user, kind="deletion", wish="不再使用", token=uuid.uuid4())
    answer(request, by=UserFactory(administrator=True), granted=True, words="依据第四十七条")


def test_licence_of_the_employer_stays_when_its_user_goes() -> None:
    unit = make_unit()
    add_manager(unit)
    user = handler_of(unit)
    paper = SimpleUploadedFile("执照.pdf", pdf())
    assert signed_in(user).post("/unit/details/", form_of(licence=paper)).status_code == 302

    erase(user)

    assert LabourProfile.objects.get(organisation=unit).licence.removed_at is None
    assert not User.objects.get(pk=user.pk).is_active


def test_last_administrator_makes_somebody_else_one_first() -> None:
    unit = make_unit(name="沧州一人有限公司")
    user = handler_of(unit)

    with pytest.raises(Refused, match="沧州一人有限公司"):
        ask(user, kind="deletion", wish="不再使用", token=uuid.uuid4())

    other = add_manager(unit)
    request = ask(user, kind="deletion", wish="不再使用", token=uuid.uuid4())
    User.objects.filter(pk=other.pk).update(is_active=False)
    with pytest.raises(Refused, match="沧州一人有限公司"):
        answer(request, by=UserFactory(administrator=True), granted=True, words="依据第四十七条")
    assert User.objects.get(pk=user.pk).is_active


def test_change_of_the_employer_that_was_never_filed_keeps_nobody() -> None:
    person = PersonFactory(unit=UnitFactory())
    user = person.users.get()
    save_transfer(user, unit=UnitFactory(), hired_on=clock.today(), token=uuid.uuid4())

    erase(user)

    assert not UnitTransfer.objects.exists()
    assert not Case.objects.filter(applicant=user).exists()
    assert not Person.objects.filter(pk=person.pk).exists()


def test_other_requests_lose_their_words_and_wait_no_longer() -> None:
    user = PersonFactory(unit=UnitFactory()).users.get()
    other = ask(user, kind="correction", subject="identity", wish="民族应为回族", token=uuid.uuid4())

    erase(user)

    other.refresh_from_db()
    assert (other.state, other.wish) == (DataRequest.State.TAKEN_BACK, "（已删除）")


def test_exports_go_with_the_account() -> None:
    user = PersonFactory(unit=UnitFactory()).users.get()
    done = start_data_export(user)
    claimed = claim_job()
    assert claimed is not None
    run_job(claimed)
    done.refresh_from_db()
    assert done.state == JobState.DONE
    storage, name = done.result.storage, done.result.name
    waiting = start_data_export(user)

    erase(user)
    expire_results()

    assert not storage.exists(name)
    assert Job.objects.get(pk=waiting.pk).state == JobState.CANCELLED


def test_former_user_no_longer_reads_the_details_of_the_employer() -> None:
    unit = make_unit()
    user = add_manager(unit)
    assert len(next(iter(employer(user))).facts) > 3

    Duty.objects.filter(user=user).update(ends_on="2021-01-01")

    labels = {str(fact.label) for fact in next(iter(employer(user))).facts}
    assert labels == {
        "单位名称",
        "任职开始日期",
        "任职结束日期",
    }


def test_own_record_takes_any_place_to_go_on_from() -> None:
    client = signed_in(handler_of(make_unit()))

    pages = [client.get(f"/account/record/?before={before}") for before in ("x", "9" * 5000, "9" * 30)]

    assert [page.status_code for page in pages] == [200, 200, 200]
