"""Services by card in the demonstration: one at each stage, taken on by a department, finished, evaluated."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.demo.cards import press
from portal.demo.walk import Walker
from talent.enums import Satisfaction, ServiceOutcome
from talent.models import Card, ServiceRequest
from talent.services.request import evaluate_request, save_request, start_request, submit_request
from workflow import clock
from workflow.actors import Actor
from workflow.enums import PERSON, Action


@dataclass(frozen=True, slots=True)
class Wish:
    """``accepted``: the department where it is another than the catalogue's; None: not taken on yet."""

    service: str
    content: str
    # Days before today on which it was filed; each office answers two days later.
    ago: int
    accepted: str | None = None
    result: str = ""
    rating: Satisfaction | None = None
    opinion: str = ""


CATALOGUE = ""
OF_HOLDER = (
    Wish("title", "申请认定高级工程师职称评审资格，材料已备齐。", 12, CATALOGUE,
         "已完成资格审核，列入本年度评审名单。", Satisfaction.VERY_GOOD),
    Wish("health", "申请本人及配偶年度体检绿色通道。", 9, "沧州市人民医院体检中心",
         "已预约，请持卡于下周内到体检中心办理。"),
    Wish("household", "申请本人及配偶、子女户口迁入新华区。", 5, CATALOGUE),
    Wish("schooling", "女儿明年九月入读小学一年级，现住新华区，申请就近入学。", 1),
    Wish("startup", "申请创业担保贷款贴息。", 6, opinion="请补充项目计划书和营业执照。"),
)  # fmt: skip
OF_FOREIGNER = (Wish("residence", "Please help me renew my residence permit; it ends in three months.", 4, CATALOGUE),)


def ask_for_services(walker: Walker, holder: Card, foreigner: Card) -> None:
    for card, wishes in ((holder, OF_HOLDER), (foreigner, OF_FOREIGNER)):
        for wish in wishes:
            _ask(walker, card, wish)
    # One that is begun and not filed yet.
    start_request(_whole(holder), _service(holder, "housing"), _actor(holder))


def _ask(walker: Walker, card: Card, wish: Wish) -> None:
    actor = _actor(card)
    with clock.travelling(-wish.ago):
        request = start_request(_whole(card), _service(card, wish.service), actor)
        save_request(request, actor, content=wish.content)
        submit_request(request, actor, token=uuid.uuid4())
    with clock.travelling(2 - wish.ago):
        if wish.opinion:
            press(walker, [request.pk], action=Action.SEND_BACK, target=PERSON, opinion=wish.opinion)
        if wish.accepted is not None:
            _approve(walker, request, {"department": wish.accepted, "working_days": None})
    if wish.result:
        with clock.travelling(4 - wish.ago):
            _approve(walker, request, {"outcome": ServiceOutcome.DONE, "result": wish.result})
    if wish.rating is not None:
        with clock.travelling(5 - wish.ago):
            evaluate_request(request, actor, rating=wish.rating, reason="办理很快，服务专员很耐心。")


def _approve(walker: Walker, request: ServiceRequest, payload: Mapping[str, Any]) -> None:
    press(walker, [request.pk], payload=payload)


def _actor(card: Card) -> Actor:
    return Actor(card.person.users.get())


def _whole(card: Card) -> Card:
    return Card.objects.whole().get(pk=card.pk)


def _service(card: Card, code: str) -> Any:
    return card.scheme.services.get(code=code)
