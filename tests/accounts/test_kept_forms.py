"""A form that was sent too late: shown again, filled in, to whoever typed it, and to nobody else."""

import time
from base64 import b64decode
from datetime import timedelta
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
import time_machine
from captcha.fields import CaptchaField
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import accounts
import portal
import subsidies
import talent
import workflow
from accounts.forms.codes import CodeField
from accounts.models import User
from accounts.services import kept_forms
from accounts.services.kept_forms import KEY, is_keepable
from tests.accounts.factories import OfficerFactory, PersonFactory, UnitFactory, UserFactory
from tests.accounts.filling import CAPTCHA
from tests.accounts.signing import SECOND, add_app, code, sign_in
from tests.subsidies.walking import application_at, officer_of
from workflow.models import Case, CaseEvent

pytestmark = pytest.mark.django_db

WORK = "/work/add/"
FIELD = "position"
NOTE = "您登录前填写的内容已恢复"


def person(**facts: Any) -> User:
    return PersonFactory(unit=UnitFactory(), **facts).users.get()


def typed_too_late(client: Client, user: User, address: str = WORK, page: str = "", **data: Any) -> Any:
    """Signs in, lets the session run out, and sends the form."""
    assert sign_in(client, user).status_code == 302
    client.get("/account/")
    with time_machine.travel(time.time() + timedelta(minutes=16).seconds):
        return client.post(address, data, headers={"Referer": f"http://testserver{page or address}"})


def test_same_person_finds_the_form_filled_in_and_nothing_was_sent(client: Client) -> None:
    user = person()
    assert user.person is not None

    response = typed_too_late(client, user, **{FIELD: '会计 "<主办>"'})
    assert response.url == f"/sign-in/?next={WORK}"
    assert sign_in(client, user, next=WORK).url == WORK
    page = client.get(WORK).text

    assert NOTE in page
    assert 'value="会计 &quot;&lt;主办&gt;&quot;"' in page
    assert user.person.work_experiences.count() == 0
    # Once: whoever comes again begins anew.
    assert NOTE not in client.get(WORK).text


def test_another_person_in_that_browser_sees_nothing_and_it_is_gone(client: Client) -> None:
    author, other = person(), person()
    typed_too_late(client, author, **{FIELD: "会计"})

    sign_in(client, other, next=WORK)
    page = client.get(WORK).text

    assert (NOTE in page, 'value="会计"' in page, KEY in client.session) == (False, False, False)
    sign_in(client, author, next=WORK)
    assert NOTE not in client.get(WORK).text


def test_content_of_another_s_session_is_not_shown_even_if_it_stayed(client: Client) -> None:
    author, other = person(), person()
    typed_too_late(client, author, **{FIELD: "会计"})
    kept = client.session[KEY]
    client.force_login(other)
    session = client.session
    session[KEY] = kept
    session.save()

    assert NOTE not in client.get(WORK).text


def test_other_browser_has_nothing(client: Client) -> None:
    user = person()
    typed_too_late(client, user, **{FIELD: "会计"})

    elsewhere = Client()
    sign_in(elsewhere, user, next=WORK)

    assert NOTE not in elsewhere.get(WORK).text


def test_opinion_of_an_officer_comes_back_to_the_case_page(client: Client) -> None:
    case = application_at("county_hr").case
    officer = officer_of(case.holder).user
    assert isinstance(officer, User)
    page, before = reverse("workflow:case", args=[case.pk]), CaseEvent.objects.count()
    address = reverse("workflow:decide", args=[case.pk, "send_back"])

    response = typed_too_late(client, officer, address, page, opinion="合同缺第三页", target="person", revision="3")
    assert response.url == f"/sign-in/?next={page}"
    sign_in(client, officer, next=page)
    shown = client.get(page).text

    assert NOTE in shown
    assert ">\n合同缺第三页</textarea>" in shown
    assert (CaseEvent.objects.count(), Case.objects.get(pk=case.pk).stage) == (before, "county_hr")


def test_second_factor_and_what_is_due_come_first_and_the_form_after_them(client: Client) -> None:
    officer = OfficerFactory()
    secret = add_app(officer)
    sign_in(client, officer)
    client.post(SECOND, {"code": code(secret)})
    client.get("/account/")
    with time_machine.travel(time.time() + 660):
        client.post("/account/", {"email": "li@example.com"}, headers={"Referer": "http://testserver/account/"})

    with time_machine.travel(time.time() + 700):
        assert sign_in(client, officer, next="/account/").url == SECOND
        assert NOTE not in client.get("/").text
        assert client.post(SECOND, {"code": code(secret)}).url == "/account/"
        page = client.get("/account/").text

    assert NOTE in page
    assert 'value="li@example.com"' in page


def test_form_begun_signed_out_is_for_whoever_signs_in(client: Client) -> None:
    client.post(WORK, {FIELD: "会计"}, headers={"Referer": f"http://testserver{WORK}"})

    sign_in(client, person(), next=WORK)

    assert 'value="会计"' in client.get(WORK).text


def test_what_nobody_knows_the_author_of_is_not_kept(client: Client) -> None:
    """Two people have used this browser, and the session is lost: it may be the one's or the other's."""
    for user in (person(), last := person()):
        sign_in(client, user)
        client.post("/sign-out/")
    del client.cookies["sessionid"]

    client.post(WORK, {FIELD: "会计"})
    sign_in(client, last, next=WORK)

    assert NOTE not in client.get(WORK).text


def test_browser_of_one_account_keeps_it_for_that_account(client: Client) -> None:
    user, other = person(), person()
    sign_in(client, user)
    client.post("/sign-out/")
    client.post(WORK, {FIELD: "会计"})

    sign_in(client, other, next=WORK)

    assert NOTE not in client.get(WORK).text


def test_it_stands_encrypted_in_the_session(client: Client) -> None:
    typed_too_late(client, person(), **{FIELD: "130902199903071234"})

    assert b"130902199903071234" not in b64decode(client.session[KEY])
    assert "130902199903071234" not in str(dict(client.session))


def test_half_an_hour_later_it_is_gone(client: Client) -> None:
    user = person()
    typed_too_late(client, user, **{FIELD: "会计"})

    with time_machine.travel(time.time() + 16 * 60 + 30 * 60 + 1):
        sign_in(client, user, next=WORK)

        assert NOTE not in client.get(WORK).text


@pytest.mark.parametrize("much", [{"note": "长" * 30_001}, {f"n{n}": "长" * 100 for n in range(400)}])
def test_too_much_is_not_kept(client: Client, much: dict[str, str]) -> None:
    typed_too_late(client, person(), **much)

    assert KEY not in client.session


def test_one_address_makes_so_many_sessions_and_no_more() -> None:
    kept = []
    for _try in range(kept_forms.TRIES + 2):
        client = Client()
        client.post(WORK, {FIELD: "会计"})
        kept.append(KEY in client.session)

    assert kept == [True] * kept_forms.TRIES + [False] * 2


def test_files_are_not_kept_and_the_page_says_so(client: Client) -> None:
    user = person()
    upload = SimpleUploadedFile("合同.pdf", b"%PDF-1.7 inside")
    typed_too_late(client, user, **{FIELD: "会计", "proof": upload})

    assert "inside" not in str(kept_forms.kept_form(_request(client), user))
    sign_in(client, user, next=WORK)
    assert "所选文件未保留" in client.get(WORK).text


def _request(client: Client) -> Any:
    return type("Request", (), {"session": client.session})()


def test_form_without_the_token_of_its_page_keeps_nothing() -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post(WORK, {FIELD: "会计"}).status_code == 403
    assert KEY not in client.session


@pytest.mark.parametrize("told", ["http://evil.example/work/add/", "http://testserver.evil.example/", "x", "//evil"])
def test_page_of_another_site_leads_nowhere(client: Client, told: str) -> None:
    response = client.post("/rent/new/", {"note": "x"}, headers={"Referer": told})

    assert response.url == "/sign-in/?next=/rent/new/"


def test_address_that_takes_posts_alone_leads_back_to_its_page(client: Client) -> None:
    response = client.post("/rent/new/", {"token": "1"}, headers={"Referer": "http://testserver/rent/mine/?a=1"})

    assert response.url == "/sign-in/?next=/rent/mine/%3Fa%3D1"


def test_part_of_a_page_takes_the_page_along(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/rent/7/"}

    response = client.post("/rent/7/autosave/", {"address": "解放路"}, headers=headers)

    assert (response.status_code, response.headers["HX-Redirect"]) == (204, "/sign-in/?next=/rent/7/")


def test_page_about_to_be_left_hands_over_what_was_typed(client: Client) -> None:
    user = person()
    sign_in(client, user)
    client.get("/account/")
    with time_machine.travel(time.time() + 890):
        told = {"_page": WORK, "_address": WORK, FIELD: "会计", "password": "geheim"}
        assert client.post("/keep-form/", told).status_code == 204
    with time_machine.travel(time.time() + 905):
        # It did not count as use.
        assert client.get(WORK).url == f"/sign-in/?next={WORK}"
        sign_in(client, user, next=WORK)
        page = client.get(WORK).text

    assert 'value="会计"' in page
    assert "geheim" not in page


def test_form_that_was_sent_after_all_does_not_come_back(client: Client) -> None:
    client.force_login(person())
    client.post("/keep-form/", {"_page": WORK, "_address": WORK, FIELD: "会计"})

    client.post(WORK, {FIELD: "会计"})

    assert KEY not in client.session


def test_place_of_another_site_is_not_taken(client: Client) -> None:
    client.force_login(person())

    client.post("/keep-form/", {"_page": "//evil.example/", "_address": "http://evil.example/", FIELD: "会计"})

    assert KEY not in client.session


def all_forms() -> set[type[forms.BaseForm]]:
    for package in (accounts, portal, subsidies, talent, workflow):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name and not module.name.startswith("portal.wsgi"):
                import_module(module.name)

    def below(form: type[Any]) -> set[type[Any]]:
        return {form}.union(*map(below, form.__subclasses__()))

    return {form for form in below(forms.BaseForm) if form.__module__.split(".")[0] != "django"}


def test_no_secret_of_any_form_is_ever_kept() -> None:
    secret = (CodeField, CaptchaField)
    found = {
        (form.__name__, name)
        for form in all_forms()
        for name, each in getattr(form, "base_fields", {}).items()
        if isinstance(each, secret) or isinstance(each.widget, forms.PasswordInput)
    }

    assert len(found) > 10
    assert {each for each in found if is_keepable(each[1])} == set()
    assert not any(map(is_keepable, [*CAPTCHA, "csrfmiddlewaretoken"]))


@pytest.mark.parametrize("path", ["/account/password/", "/account/security/second-factor/"])
def test_pages_of_secrets_keep_none(client: Client, path: str) -> None:
    secrets = {"current": "Alt-2026", "password": "Neu-2026", "password_again": "Neu-2026", "code": "123456"}

    typed_too_late(client, UserFactory(), path, **secrets)

    assert not any(value in str(kept_forms.kept_form(_request(client), User(pk=0))) for value in secrets.values())
