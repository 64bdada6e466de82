"""Two windows with the same form that saves itself: neither writes over what only the other has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.forms import BooleanField
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from subsidies.models import RentApplication
from talent.forms.drafts import DraftForm
from talent.models import CardApplication, TalentProfile
from talent.services.application import save_card_draft
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.subsidies.factories import RentApplicationFactory
from tests.talent.card_factories import CardApplicationFactory, card_actor_of
from tests.talent.test_space import FULL

pytestmark = pytest.mark.django_db


class Window:
    """A page as a browser holds it: what it was opened with, what was typed, what the saves have brought back."""

    def __init__(self, client: Client, page: str, autosave: str) -> None:
        self.client, self.page, self.autosave = client, page, autosave
        self.opened = client.get(page)
        form: DraftForm = self.opened.context["form"]
        self.data = {name: shown_in(form, name) for name in form.fields if not form.fields[name].disabled}
        self.data = {name: text for name, text in self.data.items() if text is not None}
        self.data["shown"] = form.shown

    def type(self, **answers: str) -> Window:
        """Without scripts: nothing is sent yet."""
        self.data |= answers
        return self

    def save_itself(self, **answers: str) -> Any:
        self.data |= answers
        response = self.client.post(self.autosave, self.data, headers={"HX-Request": "true"})
        self.data["shown"] = response.context["form"].shown
        assert f'value="{self.data["shown"]}"' in response.text
        return response

    def press(self, **answers: str) -> Any:
        return self.client.post(self.page, self.data | answers | {"save": "1"}, follow=True)


def shown_in(form: DraftForm, name: str) -> str | None:
    """As the browser would send it, None where it would send nothing."""
    field, value = form[name].field, form[name].value()
    if isinstance(field, BooleanField):
        return "on" if value else None
    shown = field.widget.format_value(value)
    text = str((shown[0] if isinstance(shown, list) else shown) or "")
    # Browsers end lines like this.
    return text.replace("\n", "\r\n")


@pytest.fixture
def person(client: Client) -> Person:
    person: Person = PersonFactory(unit=UnitFactory())
    client.force_login(person.users.get())
    client.post(reverse("talent:profile"), FULL)
    return person


@pytest.fixture
def window(client: Client, person: Person) -> Callable[[], Window]:
    return lambda: Window(client, reverse("talent:profile"), reverse("talent:profile_autosave"))


def kept(person: Person) -> TalentProfile:
    return TalentProfile.objects.get(person=person)


def test_each_window_changes_what_was_typed_in_it_alone(person: Person, window: Callable[[], Window]) -> None:
    first, second = window(), window()

    first.press(address="沧州市新华区1号")
    page = second.press(former_name="李小海")

    assert (kept(person).address, kept(person).former_name) == ("沧州市新华区1号", "李小海")
    assert "现住址" in str(next(iter(page.context["messages"])))
    assert page.context["form"]["address"].value() == "沧州市新华区1号"


def test_saves_of_their_own_do_the_same(person: Person, window: Callable[[], Window]) -> None:
    first, second = window(), window()

    first.save_itself(address="沧州市新华区1号")
    answer = second.save_itself(former_name="李小海")
    first.save_itself(name_latin="LI HAIYANG")

    profile = kept(person)
    assert (profile.address, profile.former_name, profile.name_latin) == ("沧州市新华区1号", "李小海", "LI HAIYANG")
    assert "其他窗口" in answer.text
    assert "现住址" in answer.context["form"].overtaken


def test_what_a_window_has_saved_before_does_not_come_back(person: Person, window: Callable[[], Window]) -> None:
    first, second = window(), window()

    first.save_itself(address="沧州市新华区1号")
    second.save_itself(address="沧州市运河区2号")
    first.save_itself(former_name="李小海")

    assert (kept(person).address, kept(person).former_name) == ("沧州市运河区2号", "李小海")


def test_the_last_word_counts_where_both_have_typed(person: Person, window: Callable[[], Window]) -> None:
    first, second = window(), window()

    first.press(address="沧州市新华区1号")
    second.press(address="沧州市运河区2号")

    assert kept(person).address == "沧州市运河区2号"


def test_one_window_alone_hears_of_no_other(window: Callable[[], Window]) -> None:
    only = window()

    answers = [
        only.save_itself(name_latin="LI  Haiyang", title_on="2023年5月1日", talent_certificate="a 12"),
        only.save_itself(settled_on="2024-02-30"),
        only.save_itself(address="沧州市"),
    ]
    page = only.press(settled_on="2024-02-29")

    assert [answer.context["form"].overtaken for answer in answers] == ["", "", ""]
    assert [message.level_tag for message in page.context["messages"]] == ["success"]


def test_what_cannot_be_read_in_one_window_stays_while_the_other_saves(
    person: Person, window: Callable[[], Window]
) -> None:
    first, second = window(), window()

    first.save_itself(settled_on="2024-02-30")
    second.save_itself(former_name="李小海")
    between = kept(person).typed
    first.save_itself(settled_on="2024-02-29")
    second.save_itself(former_name="李海")

    assert between == {"settled_on": "2024-02-30"}
    assert (kept(person).typed, str(kept(person).settled_on)) == ({}, "2024-02-29")


def test_answer_taken_away_in_one_window_stays_away(person: Person, window: Callable[[], Window]) -> None:
    first, second = window(), window()

    first.press(address="")
    second.press(former_name="李小海")

    assert (kept(person).address, kept(person).former_name) == ("", "李小海")


@pytest.mark.parametrize("shown", ["", "::", "address", "address: x", "address:0 address:0"])
def test_page_that_says_nothing_of_use_is_saved_whole(person: Person, window: Callable[[], Window], shown: str) -> None:
    window().press(shown=shown, address="沧州市运河区2号", former_name="李小海")

    assert (kept(person).address, kept(person).former_name) == ("沧州市运河区2号", "李小海")


def test_first_save_keeps_the_name_that_the_registration_brought(client: Client) -> None:
    person = PersonFactory(unit=UnitFactory(), foreign_name="LI HAIYANG")
    client.force_login(person.users.get())

    Window(client, reverse("talent:profile"), reverse("talent:profile_autosave")).save_itself(address="沧州市")

    assert kept(person).name_latin == "LI HAIYANG"


def windows_on(client: Client, application: CardApplication) -> list[Window]:
    client.force_login(application.case.applicant)
    pages = [reverse(f"talent:apply_{name}", args=[application.pk]) for name in ("edit", "autosave")]
    return [Window(client, *pages) for _window in range(2)]


def test_application_for_the_card_is_as_careful(client: Client) -> None:
    application = CardApplicationFactory()
    first, second = windows_on(client, application)

    first.save_itself(position="总工程师", achievements="一\r\n二")
    answer = second.save_itself(department="研发部")
    page = second.press(evidence="冀人社〔2026〕1号")

    saved = CardApplication.objects.get(pk=application.pk)
    assert (saved.position, saved.department, saved.evidence) == ("总工程师", "研发部", "冀人社〔2026〕1号")
    assert "职务" in answer.context["form"].overtaken
    assert "职务" in str(next(iter(page.context["messages"])))


def test_lines_are_the_same_however_a_browser_ends_them(client: Client) -> None:
    application = CardApplicationFactory(achievements="一\n二")
    first, second = windows_on(client, application)

    first.save_itself(achievements="一\r\n二\r\n三")
    second.save_itself(department="研发部")

    assert CardApplication.objects.get(pk=application.pk).achievements == "一\r\n二\r\n三"


def test_saves_that_have_read_the_draft_at_once_keep_what_each_has_changed() -> None:
    application = CardApplicationFactory()
    first, second = (CardApplication.objects.whole().get(pk=application.pk) for _read in range(2))
    actor = card_actor_of(first)

    save_card_draft(first, actor, values={"position": "总工程师"}, typed={"salary": "很多"})
    save_card_draft(second, actor, values={"department": "研发部"}, typed={})

    saved = CardApplication.objects.get(pk=first.pk)
    assert (saved.position, saved.department, saved.typed) == ("总工程师", "研发部", {"salary": "很多"})


def test_end_of_a_contract_is_read_again_when_its_beginning_changes(client: Client) -> None:
    application = CardApplicationFactory()
    window, _other = windows_on(client, application)

    window.save_itself(contract_start="2029-01-01", contract_end="2028-01-01")
    window.save_itself(contract_start="2027-01-01")

    saved = CardApplication.objects.get(pk=application.pk)
    assert (str(saved.contract_start), str(saved.contract_end), saved.typed) == ("2027-01-01", "2028-01-01", {})


def test_application_for_the_rent_subsidy_is_as_careful(client: Client) -> None:
    application = RentApplicationFactory()
    client.force_login(application.case.applicant)
    pages = [reverse(f"subsidies:rent_{name}", args=[application.pk]) for name in ("edit", "autosave")]
    first, second = (Window(client, *pages) for _window in range(2))

    first.save_itself(landlord_name="赵房东")
    second.save_itself(bank="沧州银行")
    second.save_itself(account="6222020408001234567", account_again="1")
    second.save_itself(account_again="6222020408001234567")

    saved = RentApplication.objects.get(pk=application.pk)
    assert (saved.landlord_name, saved.bank) == ("赵房东", "沧州银行")
    assert (saved.account, saved.typed) == ("6222020408001234567", {})
