from collections.abc import Iterator
from uuid import UUID

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.middleware import STATUS_ONLY, is_public
from tests.accounts.factories import UnitFactory, UserFactory
from tests.accounts.filling import register_person, register_unit
from workflow.enums import State
from workflow.models import Case

pytestmark = pytest.mark.django_db

SAMPLES = {"IntConverter": 1, "UUIDConverter": UUID(int=1)}
BUSINESS = [
    "/home/",
    "/queue/unit_registration/county_hr/",
    "/cases/1/",
    "/acts/6f9619ff-8b86-d011-b42d-00cf4fc964ff/",
    "/unit/",
    "/full/1/number/",
    "/jobs/",
]


@pytest.mark.parametrize("url", BUSINESS)
def test_business_pages_answer_403_until_approved(client, url):
    register_unit(client)

    response = client.get(url)

    assert response.status_code == 403
    assert "查看审核状态" in response.text


@pytest.mark.parametrize("url", ["/registration/", "/account/", "/account/password/", "/messages/", "/", "/help/"])
def test_own_status_account_and_public_pages_stay_open(client, url):
    register_person(client, UnitFactory())

    assert client.get(url).status_code == 200


def test_materials_of_the_own_registration_stay_open(client):
    case = register_unit(client)

    assert client.get(f"/cases/{case.pk}/materials/").status_code == 200


def leaves(resolver: URLResolver) -> Iterator[URLPattern]:
    """With those that a module of addresses includes."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from leaves(pattern)
        else:
            yield pattern


def private_urls() -> Iterator[tuple[str, str]]:
    """(name, address) of every page that asks for a sign-in, with values that fit its converters."""
    for namespace in ("accounts", "workflow", "portal", "talent", "subsidies"):
        _prefix, resolver = get_resolver().namespace_dict[namespace]
        for pattern in leaves(resolver):
            converters = pattern.pattern.converters
            values = {key: SAMPLES.get(type(kind).__name__, "x") for key, kind in converters.items()}
            if not is_public(pattern.callback):
                yield f"{namespace}:{pattern.name}", reverse(f"{namespace}:{pattern.name}", kwargs=values)


def test_everything_private_beside_the_allow_list_is_403(client):
    client.force_login(UserFactory(pending=True))

    answers = {name: client.get(url).status_code for name, url in private_urls()}

    assert answers.keys() >= STATUS_ONLY
    assert {name for name, status in answers.items() if status != 403} <= STATUS_ONLY


def test_page_of_a_draft_says_that_it_was_not_submitted_and_leads_to_the_button(client):
    case = register_unit(client)

    page = client.get("/home/").text
    assert "注册申请尚未提交" in page
    assert 'href="/registration/#materials">上传单位材料</a>' in page
    assert "【提交申请】" in page

    Case.objects.filter(pk=case.pk).update(state=State.IN_REVIEW, stage="county_hr")
    assert "注册申请尚未提交" not in client.get("/home/").text


def test_badge_of_a_draft_says_what_the_page_says(client):
    register_unit(client)

    page = client.get("/registration/").text

    heading, beside = page.split("</h1>")[1].split("</div>")[0], page.split('class="stick"')[1]
    assert "待提交" in heading
    assert "待提交" in beside
    assert "草稿" not in page
