"""Pages of the materials: uploading, previewing, downloading, removing, and who sees them."""

import uuid

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.workflow import files
from tests.workflow.factories import DutyFactory, OrganisationFactory, UserFactory, acting
from tests.workflow.test_images import huge_png
from tests.workflow.test_materials import KIND, add, upload
from tests.workflow.toy import Town
from workflow.enums import Action
from workflow.models import Material
from workflow.services import perform_one
from workflow.services.materials import describe, store_act_file


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_upload_comes_back_to_the_page_it_came_from(town: Town) -> None:
    case = town.draft()
    back = reverse("workflow:case", args=[case.pk])

    response = client_of(town.person).post(
        reverse("workflow:material_add", args=[case.pk]), {"kind": KIND, "file": upload(), "next": back}
    )

    assert response.status_code == 302
    assert response["Location"] == f"{back}#material-{KIND}"
    assert case.materials.get().name == "身份证.pdf"


@pytest.mark.parametrize("elsewhere", ["//evil.example/", "nowhere"])
def test_upload_goes_to_no_other_site(town: Town, elsewhere: str) -> None:
    case = town.draft()

    response = client_of(town.person).post(
        reverse("workflow:material_add", args=[case.pk]), {"kind": KIND, "file": upload(), "next": elsewhere}
    )

    assert response["Location"].startswith(reverse("workflow:materials", args=[case.pk]))


def test_refused_upload_is_named_in_the_summary_and_the_good_one_is_kept(town: Town) -> None:
    case = town.draft()

    response = client_of(town.person).post(
        reverse("workflow:material_add", args=[case.pk]),
        {"kind": KIND, "file": [upload(), upload(b"", "空.pdf")]},
    )

    page = response.content.decode()
    assert f'href="#file-{KIND}"' in page
    assert "空.pdf" in page
    assert "所选文件是空的" in page
    assert [material.name for material in case.materials.all()] == ["身份证.pdf"]


def test_one_form_takes_an_attachment_of_any_type(town: Town) -> None:
    case = town.draft()

    page = client_of(town.person).get(reverse("workflow:materials", args=[case.pk])).content.decode()

    assert '<select class="form-select" id="upload-kind" name="kind">' in page
    assert f'<option value="{KIND}">身份证</option>' in page


def test_upload_without_a_file_says_what_to_choose(town: Town) -> None:
    response = client_of(town.person).post(reverse("workflow:material_add", args=[town.draft().pk]), {"kind": KIND})

    assert "请选择【身份证】" in response.content.decode()


def test_upload_by_htmx_answers_the_list_alone(town: Town) -> None:
    response = client_of(town.person).post(
        reverse("workflow:material_add", args=[town.draft().pk]),
        {"kind": KIND, "file": upload()},
        headers={"HX-Request": "true"},
    )

    page = response.content.decode()
    assert page.lstrip().startswith("<section")
    assert "身份证.pdf" in page
    # What is missing stands elsewhere on the page and looks again.
    assert response["HX-Trigger"] == "materials-changed"


def test_strangers_see_no_materials(town: Town) -> None:
    case = town.draft()
    token = add(town, case).token
    client = client_of(UserFactory())
    pages = [
        reverse("workflow:materials", args=[case.pk]),
        reverse("workflow:material_preview", args=[token]),
        reverse("workflow:material_page", args=[token, 0]),
        reverse("workflow:material_download", args=[token]),
    ]

    assert [client.get(page).status_code for page in pages] == [404] * 4
    assert client.post(reverse("workflow:material_remove", args=[token])).status_code == 404
    assert client.post(reverse("workflow:material_add", args=[case.pk]), {"kind": KIND}).status_code == 404


def test_office_sees_the_materials_of_its_case_and_changes_none(town: Town) -> None:
    case = town.draft()
    material = add(town, case)
    town.submit(case)
    client = client_of(town.unit.user)

    listed = client.get(reverse("workflow:materials", args=[case.pk])).content.decode()
    removed = client.post(reverse("workflow:material_remove", args=[material.token]))

    assert "身份证.pdf" in listed
    assert reverse("workflow:material_remove", args=[material.token]) not in listed
    assert reverse("workflow:material_add", args=[case.pk]) not in listed
    assert removed.status_code == 403


def test_other_office_sees_nothing(town: Town) -> None:
    case = town.draft()
    material = add(town, case)
    town.submit(case)
    other = DutyFactory(organisation=OrganisationFactory())

    assert not Material.objects.visible_to(acting(other)).exists()
    assert Material.objects.visible_to(town.actor("unit")).get() == material


def test_download_keeps_the_chinese_name_and_acts_as_no_page(town: Town) -> None:
    token = add(town, town.draft()).token

    response = client_of(town.person).get(reverse("workflow:material_download", args=[token]))

    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E8%BA%AB%E4%BB%BD%E8%AF%81.pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response.getvalue() == files.pdf()


def test_download_is_logged(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    material = add(town, town.draft())

    # Not at a level of the test's own: what the settings drop is kept nowhere.
    client_of(town.person).get(reverse("workflow:material_download", args=[material.token])).close()

    line = f"material download: material={material.pk} case={material.case_id} user={town.person.pk} organisation=None"
    assert [record.getMessage() for record in caplog.records if record.name == "tongban.access"] == [line]


@pytest.mark.parametrize(("content", "name"), [(files.pdf(2), "a.pdf"), (files.png(), "a.png")])
def test_preview_is_a_picture_of_our_own(town: Town, content: bytes, name: str) -> None:
    token = add(town, town.draft(), upload=upload(content, name)).token
    client = client_of(town.person)

    page = client.get(reverse("workflow:material_preview", args=[token])).content.decode()
    picture = client.get(reverse("workflow:material_page", args=[token, 0]))

    assert reverse("workflow:material_page", args=[token, 0]) in page
    assert "未查毒" in page
    assert picture["Content-Type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8")
    assert client.get(reverse("workflow:material_page", args=[token, 7])).status_code == 404


def test_document_has_no_preview(town: Town) -> None:
    token = add(town, town.draft(), upload=upload(files.docx(), "a.docx")).token
    client = client_of(town.person)

    assert client.get(reverse("workflow:material_preview", args=[token])).status_code == 404
    assert client.get(reverse("workflow:material_page", args=[token, 0])).status_code == 404


def test_file_of_an_act_says_in_the_record_that_it_was_not_scanned(town: Town) -> None:
    case, actor, token = town.at("city"), town.actor("city"), uuid.uuid4()
    with transaction.atomic():
        paper = describe(store_act_file(token, upload(files.docx(), "会议记录.docx"), "paper", actor))
        perform_one(Action.APPROVE, case, actor, token=token, payload={"paper": paper})

    page = client_of(town.city.user).get(reverse("workflow:case", args=[case.pk])).content.decode()

    assert "未查毒" in page[page.index("会议记录.docx") :]


@pytest.mark.parametrize("content", [files.jpeg()[:300], huge_png(9_000)], ids=["damaged", "too large"])
def test_picture_that_cannot_be_shown_is_offered_for_download(town: Town, content: bytes) -> None:
    material = add(town, town.draft(), upload=upload(files.png(), "a.png"))
    with default_storage.open(material.file.name, "wb") as file:
        file.write(content)
    client = client_of(town.person)

    page = client.get(reverse("workflow:material_preview", args=[material.token])).content.decode()

    assert "此文件无法在网页上显示" in page
    assert "<img" not in page
    assert reverse("workflow:material_download", args=[material.token]) in page
    assert client.get(reverse("workflow:material_page", args=[material.token, 0])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_many_files(town: Town, count: int, django_assert_max_num_queries: object) -> None:
    case = town.draft()
    for _number in range(count):
        add(town, case)
    client = client_of(town.person)

    with django_assert_max_num_queries(9):
        response = client.get(reverse("workflow:materials", args=[case.pk]))

    assert response.content.decode().count("/download/") == count
