"""Papers of a person's own: whose they are, what a filing keeps of them, and who reads them then."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from tests.workflow import files
from tests.workflow.factories import DutyFactory, UserFactory, acting
from tests.workflow.toy import Town
from workflow.actors import Actor
from workflow.models import Case, FiledMaterial, Material
from workflow.services.filings import compare
from workflow.services.materials import describe
from workflow.services.own_papers import give_up_own, keep_own
from workflow.services.sweeping import sweep_files
from workflow.services.verification import verify_events

KIND = "proof"


def own(town: Town, content: bytes = b"", name: str = "合同.pdf", **options: Any) -> Material:
    upload = SimpleUploadedFile(name, content or files.pdf())
    return keep_own(upload, **{"kind": KIND, "actor": town.applicant, **options})


def file_with(town: Town, *papers: Material) -> Case:
    lines = [describe(paper) | {"label": "劳动合同", "own": True} for paper in papers]
    content = {"sections": [], "checks": [], "materials": lines}
    return town.submit(town.draft(), content=content)


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_own_paper_belongs_to_the_person_and_to_nobody_else(town: Town) -> None:
    paper = own(town)

    assert (paper.owner, paper.case, paper.act) == (town.person, None, None)
    assert list(Material.objects.visible_to(town.applicant)) == [paper]
    assert not Material.objects.visible_to(Actor(UserFactory())).exists()
    assert not Material.objects.visible_to(town.actor("county")).exists()


@pytest.mark.parametrize("owners", [{}, {"case", "owner"}])
def test_database_knows_exactly_one_owner_of_a_file(town: Town, owners: set[str]) -> None:
    paper = own(town)
    columns = {"case": town.draft() if "case" in owners else None, "owner": town.person if "owner" in owners else None}

    with pytest.raises(IntegrityError), transaction.atomic():
        Material.objects.filter(pk=paper.pk).update(**columns)


def test_office_has_no_papers_of_its_own(town: Town) -> None:
    with pytest.raises(PermissionDenied):
        own(town, actor=town.actor("county"))


def test_same_file_is_not_kept_twice(town: Town) -> None:
    first = own(town)

    with pytest.raises(ValidationError) as error:
        own(town, name="again.pdf", beside=[first])

    assert error.value.code == "twice"
    assert "合同.pdf" in error.value.messages[0]
    assert Material.objects.get() == first


def test_line_of_own_papers_has_room_for_so_many(town: Town, settings: Any) -> None:
    settings.UPLOAD_MAX_PER_MATERIAL = 1
    first = own(town)

    with pytest.raises(ValidationError) as error:
        own(town, files.pdf(2), beside=[first])
    own(town, files.pdf(2), kind="other", beside=[first])

    assert error.value.code == "count"


def test_office_that_sees_the_case_reads_what_was_filed_with_it(town: Town) -> None:
    filed, kept_back = own(town), own(town, files.pdf(2))
    file_with(town, filed)

    assert list(Material.objects.visible_to(town.actor("unit"))) == [filed]
    assert not Material.objects.visible_to(Actor(UserFactory())).exists()
    assert not Material.objects.visible_to(acting(DutyFactory())).exists()
    assert set(Material.objects.visible_to(town.applicant)) == {filed, kept_back}


def test_filed_paper_survives_that_the_person_gives_it_up(town: Town) -> None:
    filed = own(town)
    case = file_with(town, filed)

    give_up_own(filed)

    page = client_of(town.unit.user).get(reverse("workflow:case", args=[case.pk])).content.decode()
    served = client_of(town.unit.user).get(reverse("workflow:material_download", args=[filed.token]))
    assert b"".join(served.streaming_content) == files.pdf()
    assert reverse("workflow:material_preview", args=[filed.token]) in page
    assert "劳动合同：合同.pdf" in page
    assert Material.objects.get(pk=filed.pk).removed_at is not None


def test_paper_that_no_filing_names_goes_with_its_file(
    town: Town, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    paper = own(town)

    with django_capture_on_commit_callbacks(execute=True):
        give_up_own(paper)

    assert not Material.objects.exists()
    assert not default_storage.exists(paper.file.name)


def test_sweeping_leaves_papers_of_persons_alone(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.services.sweeping._swept_on", [])
    paper = own(town)
    Material.objects.update(uploaded_at="2020-01-01T00:00:00+08:00")

    sweep_files()

    assert Material.objects.get() == paper


def test_what_a_filing_holds_on_to_can_neither_be_changed_nor_let_go(town: Town) -> None:
    filed, other = own(town), own(town, files.pdf(2))
    file_with(town, filed)

    with pytest.raises(DatabaseError), transaction.atomic():
        FiledMaterial.objects.update(material=other)
    with pytest.raises(DatabaseError), transaction.atomic():
        FiledMaterial.objects.all().delete()
    with pytest.raises(ProtectedError):
        filed.delete()

    assert FiledMaterial.objects.get().material == filed


def test_digest_of_an_own_paper_is_in_the_record_of_events(town: Town) -> None:
    filed = own(town)
    case = file_with(town, filed)

    filing = case.filings.get()
    assert filing.content["materials"][0]["sha256"] == filed.sha256
    assert filing.digest == filing.compute_digest()
    assert verify_events().faults == []


def test_replaced_paper_shows_in_the_comparison_of_filings(town: Town) -> None:
    first, second = own(town), own(town, files.pdf(2), name="合同2.pdf")
    before, after = file_with(town, first).filings.get(), file_with(town, second).filings.get()

    (change,) = compare(before, after)

    assert change.label == "劳动合同"
    assert (first.sha256[:8] in change.before, second.sha256[:8] in change.after) == (True, True)


def test_look_at_a_filed_paper_is_written_down(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    filed = own(town)
    file_with(town, filed)
    caplog.set_level("INFO", "tongban.access")

    response = client_of(town.unit.user).get(reverse("workflow:material_preview", args=[filed.token]))

    assert response.status_code == 200
    assert f"material={filed.pk}" in caplog.text
    assert f"organisation={town.unit.organisation.pk}" in caplog.text


def test_stranger_gets_404_for_every_address_of_an_own_paper(town: Town) -> None:
    paper = own(town)
    file_with(town, paper)
    stranger = client_of(UserFactory())

    for name, args in [("preview", []), ("page", [0]), ("download", [])]:
        assert stranger.get(reverse(f"workflow:material_{name}", args=[paper.token, *args])).status_code == 404
    assert stranger.post(reverse("workflow:material_remove", args=[paper.token])).status_code == 404


def test_own_paper_is_not_removed_like_a_paper_of_a_case(town: Town) -> None:
    paper = own(town)

    response = client_of(town.person).post(reverse("workflow:material_remove", args=[paper.token]))

    assert response.status_code == 404
    assert Material.objects.get() == paper
