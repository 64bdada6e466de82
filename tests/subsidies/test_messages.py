"""Messages of the rent subsidy reach whoever must act."""

import pytest

from accounts.models import Notification
from subsidies.services.payments import Account, correct_account, pay_again, record_bounce
from tests.subsidies.walking import application_at, officer_of, payment_of
from workflow import clock
from workflow.actors import Actor
from workflow.models import Organisation, OutboxMessage
from workflow.outbox import deliver_pending

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]


def test_every_message_of_a_returned_payment_is_delivered() -> None:
    case = application_at("person_confirm").case
    finance = officer_of(Organisation.objects.get(kind="county_fin"))
    bounce = record_bounce(payment_of(case), finance, reason="户名不符", bounced_on=clock.today())
    correct_account(
        bounce, Actor(user=case.applicant), account=Account("毕业生", "中国银行", "运河支行", "6217856000012345678")
    )
    seen = bounce.corrections.get().pk
    pay_again(bounce, finance, token=case.token, correction=seen, voucher="记-0099", paid_on=clock.today())

    deliver_pending()

    assert not OutboxMessage.objects.exclude(error="").exists()
    assert not OutboxMessage.objects.filter(delivered_at=None).exists()
    bodies = "\n".join(Notification.objects.values_list("body", flat=True))
    for said in ("户名不符", "5678", "6,000.00", "可以再次拨付"):
        assert said in bodies


def test_person_is_asked_to_confirm_once_the_county_has_paid() -> None:
    case = application_at("person_confirm").case

    deliver_pending()

    told = Notification.objects.filter(recipient=case.applicant)
    asked = told.filter(body__endswith="当前状态：待个人确认。请登录并点击【确认拨付】。")
    assert asked.exists(), list(told.values_list("body", flat=True))
    assert told.filter(body__contains="请登录并点击").count() == 1
