"""核验: what the public page answers, for every state of a card and every kind of forgery."""

import base64
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from talent.card_codes import CardCode, write_code
from talent.enums import CardState
from talent.models import Card
from talent.services.cards import cancel_card, freeze_card, release_card, report_found, report_loss
from talent.services.signing import card_code, revoke_key, rotate_key, signing_key
from talent.views import card_verify
from tests.talent.cards import ended_card, holder_actor, holder_of, make_card, officer_actor
from tests.talent.editions import replace_card
from workflow import clock
from workflow.actors import SYSTEM

pytestmark = pytest.mark.django_db


def ask(client: Client, code: str) -> Any:
    return client.get(reverse("talent:card_verify", args=[code])).context["verdict"]


def answer(client: Client, card: Card) -> str:
    key: str = ask(client, card_code(card)).answer.key
    return key


def test_valid_card_is_told_with_its_name_masked(client: Client) -> None:
    card = make_card(name="欧阳海燕")

    page = client.get(reverse("talent:card_verify", args=[card_code(card)])).content.decode()

    assert "此卡真实，今日有效" in page
    assert card.number in page
    assert "欧*" in page
    assert "欧阳" not in page
    assert card.unit_name not in page


def test_each_change_of_state_is_told_at_once(client: Client) -> None:
    card, office = make_card(), officer_actor()
    told = [answer(client, card)]

    report_loss(card, actor=holder_actor(card))
    told.append(answer(client, card))
    report_found(card, actor=holder_actor(card))
    told.append(answer(client, card))
    freeze_card(card, reason="核实", actor=office)
    told.append(answer(client, card))
    release_card(card, reason="核实完毕", actor=office)
    told.append(answer(client, card))
    cancel_card(card, reason="不再符合条件", actor=office)
    told.append(answer(client, card))

    assert told == ["valid", "lost", "valid", "frozen", "valid", "cancelled"]


def test_card_past_its_last_day_is_expired_before_the_daily_job_has_seen_it(client: Client) -> None:
    over = ended_card(clock.today() - timedelta(days=1))
    last_day = ended_card(clock.today())

    assert over.state == CardState.VALID
    assert (answer(client, over), answer(client, last_day)) == ("expired", "valid")


def test_code_of_an_older_edition_is_void(client: Client) -> None:
    card = make_card()
    old = card_code(card)

    replaced = replace_card(card, actor=SYSTEM)

    assert ask(client, old).answer.key == "replaced"
    assert answer(client, replaced) == "valid"


@pytest.mark.parametrize("edition", [0, 2, 65_535])
def test_edition_that_was_never_made_is_not_genuine(client: Client, edition: int) -> None:
    card = make_card()

    key = ask(client, card_code(Card(number=card.number, edition=edition))).answer.key

    assert key == ("replaced" if edition < 1 else "forged")


def test_signed_number_of_no_card_is_not_genuine(client: Client) -> None:
    assert ask(client, card_code(Card(number="BHYCA199900001", edition=1))).answer.key == "forged"


def test_one_bit_changed_is_not_genuine_and_tells_nothing(client: Client) -> None:
    card = make_card()
    code = card_code(card)
    changed = code[:40] + ("A" if code[40] != "A" else "B") + code[41:]

    response = client.get(reverse("talent:card_verify", args=[changed]))

    assert response.context["verdict"].answer.key == "forged"
    assert card.number not in response.content.decode()
    assert "非真卡" in response.content.decode()


@pytest.mark.parametrize("code", ["x", "卡", "A" * 84, "A" * 111, "A" * 3000, "../etc", "-" * 111])
def test_anything_else_is_not_genuine(client: Client, code: str) -> None:
    response = client.get(f"/cards/verify/{code}/")

    assert response.status_code in (200, 404)
    assert response.status_code == 404 or response.context["verdict"].answer.key == "forged"


def test_signature_of_another_card_does_not_serve(client: Client) -> None:
    mine, other = make_card(), make_card()
    code, key = card_code(mine), signing_key()
    signature = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))[-64:]

    assert ask(client, write_code(CardCode(key.pk, 1, other.number), signature)).answer.key == "forged"


def test_rotated_key_still_serves_and_revoked_key_no_more(client: Client) -> None:
    card = make_card()
    old, old_key = card_code(card), signing_key()
    rotate_key()
    after_rotation = ask(client, old).answer.key

    revoke_key(old_key)
    verdict = ask(client, old)

    assert (after_rotation, verdict.answer.key, verdict.facts) == ("valid", "untrusted", [])
    assert answer(client, card) == "valid"


def test_too_many_questions_from_one_address_are_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_verify, "TRIES", 2)
    code = card_code(make_card())

    statuses = [client.get(reverse("talent:card_verify", args=[code])).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]


def test_answer_is_kept_by_no_cache(client: Client) -> None:
    response = client.get(reverse("talent:card_verify", args=[card_code(make_card())]))

    assert "no-store" in response["Cache-Control"]


def test_what_a_scanner_has_read_leads_to_the_answer(client: Client) -> None:
    code = card_code(make_card())

    response = client.get(
        reverse("talent:card_verify_start"), {"code": f" https://portal.example/cards/verify/{code}/ "}
    )

    assert response["Location"] == reverse("talent:card_verify", args=[code])


def test_page_speaks_english_too(client: Client) -> None:
    client.cookies["django_language"] = "en"
    code = card_code(make_card(valid_from=date(2020, 1, 1), valid_until=date(2024, 1, 1)))

    assert "genuine but has run out" in client.get(reverse("talent:card_verify", args=[code])).content.decode()


def test_answer_needs_few_statements(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    code = card_code(make_card())
    client.get(reverse("talent:card_verify", args=[code]))

    # The clock, the count of the visitor (one), the key, the card with its scheme.
    with django_assert_num_queries(3):
        client.get(reverse("talent:card_verify", args=[code]))


LABELS = re.compile(r"<dt>([^<]+)</dt>")
LAST = re.compile(r"(核验时间)：")


def told_in(page: str) -> list[str]:
    """What the explanation says that a verifier is shown."""
    (words,) = re.findall(r"(?:会看到|显示)：([^。]+)。此外不显示其他信息。", page)
    return words.split("、")


def test_holder_and_whoever_asks_are_told_exactly_what_is_shown(client: Client) -> None:
    card = make_card()
    page = client.get(reverse("talent:card_verify", args=[card_code(card)])).text
    start = client.get(reverse("talent:card_verify_start")).text
    client.force_login(holder_of(card))
    own = client.get(reverse("talent:cards")).text

    verdict = page.partition('class="sheet verdict')[2].partition("</section>")[0]
    shown = ["卡的状态", *LABELS.findall(verdict), *LAST.findall(verdict)]

    assert len(shown) == 8
    assert told_in(own) == told_in(start) == shown
