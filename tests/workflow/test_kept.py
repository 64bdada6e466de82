"""Parts of a page that are kept: the same for everybody, and new as soon as what they depend on is."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse, set_script_prefix
from django.utils import translation
from django.utils.translation import gettext_lazy

from tests.workflow.factories import DutyFactory
from tests.workflow.toy import Town
from workflow.enums import Role
from workflow.models import Duty

PART = "{% load i18n kept static %}"


@pytest.fixture
def _prefix() -> Iterator[None]:
    yield
    set_script_prefix("/")


class Digests(StaticFilesStorage):
    def url(self, name: str | None) -> str:
        return f"/static/{name}?0f3a"


class Spy:
    """Counts how often it is printed."""

    def __init__(self) -> None:
        self.printed = 0

    def __str__(self) -> str:
        self.printed += 1
        return f"print {self.printed}"


def printed(template: Template, **values: Any) -> str:
    return template.render(Context(values)).strip()


def test_a_part_is_rendered_once_for_each_of_its_values() -> None:
    template, spy = Template(PART + "{% kept n=n spy=spy %}{{ n }}: {{ spy }}{% endkept %}"), Spy()

    shown = [printed(template, n=n, spy=spy) for n in (1, 1, 2, 1)]

    assert shown == ["1: print 1", "1: print 1", "2: print 2", "1: print 1"]


def test_a_part_sees_nothing_that_it_does_not_name(rf: RequestFactory) -> None:
    text = "{% kept own=own %}{{ own }}|{{ user }}|{{ csrf_token }}|{{ request.path }}|{% csrf_token %}{% endkept %}"
    template = Template(PART + text)

    with override_settings(DEBUG=False):
        shown = printed(template, own="mine", user="李某", csrf_token="s3cret", request=rf.get("/private/"))

    assert "mine" in shown
    assert not any(word in shown for word in ("李某", "s3cret", "private"))


@pytest.mark.parametrize(
    "part", ["{% kept %}{% translate 'Help' %}{% endkept %}", "{% kept w=word %}{{ w }}{% endkept %}"]
)
def test_a_part_speaks_the_language_of_its_page(part: str) -> None:
    template, word = Template(PART + part), gettext_lazy("Help")

    with translation.override("zh-hans"):
        chinese = printed(template, word=word)
    with translation.override("en"):
        english = printed(template, word=word)

    assert (chinese, english) == ("帮助", "Help")


def test_a_static_file_under_a_new_name_shows_at_once(tmp_path: Path) -> None:
    template = Template(PART + "{% kept %}{% static 'js/page.js' %}{% endkept %}")
    assert printed(template) == "/static/js/page.js"

    with override_settings(STORAGES={"staticfiles": {"BACKEND": f"{__name__}.Digests"}}):
        digested = printed(template)
    with override_settings(STATIC_URL="/files/"):
        moved = printed(template)

    assert (digested, moved) == ("/static/js/page.js?0f3a", "/files/js/page.js")


@pytest.mark.usefixtures("_prefix")
def test_addresses_follow_the_place_of_the_portal() -> None:
    template = Template(PART + "{% kept %}{% url 'workflow:jobs' %}{% endkept %}")
    assert printed(template) == "/jobs/"

    set_script_prefix("/tongban/")

    assert printed(template) == "/tongban/jobs/"


def test_nothing_is_kept_while_pages_are_written() -> None:
    template, spy = Template(PART + "{% kept spy=spy %}{{ spy }}{% endkept %}"), Spy()

    with override_settings(DEBUG=True):
        shown = [printed(template, spy=spy) for _time in range(2)]

    assert shown == ["print 1", "print 2"]


def test_a_part_forgets_when_there_are_too_many() -> None:
    template = Template(PART + "{% kept n=n %}{{ n }}{% endkept %}")
    node: Any = template.nodelist[-1]

    shown = [printed(template, n=n) for n in range(1500)]

    assert shown == [str(n) for n in range(1500)]
    assert len(node.parts) <= 512


def test_a_value_without_a_name_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template(PART + "{% kept user %}{% endkept %}")


def page_of(client: Client, address: str = "/jobs/") -> str:
    return client.get(address).content.decode()


def test_another_name_of_the_site_shows_at_once(town: Town) -> None:
    client = Client()
    client.force_login(town.unit.user)
    before = page_of(client)

    with override_settings(SITE={"name": "沧州通办", "host": "沧州市人力资源和社会保障局"}):
        after = page_of(client)

    assert "沧州市人力资源和社会保障局</dd>" not in before
    assert "<b>沧州通办</b>" in after
    assert "沧州市人力资源和社会保障局</dd>" in after


def test_a_menu_shows_what_this_duty_may_do_now(town: Town) -> None:
    client, other = Client(), Client()
    client.force_login(town.unit.user)
    other.force_login(DutyFactory(organisation=town.unit.organisation, role=Role.REVIEWER).user)
    queue = reverse("workflow:queue", args=["toy", "unit"])

    shown = [queue in page_of(client), queue in page_of(other), queue in page_of(client)]
    Duty.objects.filter(pk=town.unit.pk).update(ends_on=date(2020, 1, 1), starts_on=date(2019, 1, 1))

    assert shown == [True, False, True]
    assert queue not in page_of(client)


def test_the_entry_of_the_open_page_is_marked_and_no_other(town: Town) -> None:
    client = Client()
    client.force_login(town.unit.user)
    queue = reverse("workflow:queue", args=["toy", "unit"])
    report = reverse("workflow:queue", args=["toy", "report"])

    marked = [
        [f'href="{address}" aria-current="page"' in page_of(client, asked) for address in (queue, report)]
        for asked in (queue, report, queue)
    ]

    assert marked == [[True, False], [False, True], [True, False]]


def test_every_form_of_a_page_carries_the_token_of_its_reader(town: Town) -> None:
    clients = [Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)]
    for client, duty in zip(clients, (town.unit, town.county), strict=True):
        client.force_login(duty.user)

    for client in clients:
        tokens = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page_of(client))
        answers = [client.post("/language/", {"csrfmiddlewaretoken": token}).status_code for token in tokens]

        assert len(tokens) >= 2
        assert set(answers) == {302}
