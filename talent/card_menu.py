"""Issued cards in the menu, and the way from an application to its card."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.card_filters import NOT_PRINTED
from talent.card_pages import keeps_cards
from talent.enums import BOHAI_CARD
from talent.models import Card, PrintRun
from talent.services.card_expiry import report_by
from workflow import clock
from workflow.actors import Actor
from workflow.models import Act, Case
from workflow.navigation import Todo, register_home_todos, register_page
from workflow.registry import Link, act_link, case_link

BUSINESS = gettext_lazy("Business handling")
# The last stage of 渤海英才卡 (talent.stages).
PRINT = "print"


def may_hold_cards(actor: Actor) -> bool:
    return actor.is_person and getattr(actor.user, "person_id", None) is not None


register_page(BUSINESS, gettext_lazy("My talent card"), "talent:cards", visible=may_hold_cards, order=121)
register_page(
    BUSINESS, gettext_lazy("Management of talent cards"), "talent:cards_manage", visible=keeps_cards, order=140
)
register_page(BUSINESS, gettext_lazy("Print runs of talent cards"), "talent:print_runs", visible=keeps_cards, order=141)


@register_home_todos
def new_employer_to_report(actor: Actor) -> Iterator[Todo]:
    """变更单位 is reported within the days that the scheme names."""
    if not may_hold_cards(actor):
        return
    for card in Card.objects.visible_to(actor).left_behind().select_related("scheme"):
        due = report_by(card)
        assert due is not None
        text = _("Report your new employer for the talent card %(number)s by %(day)s")
        facts = {"number": card.number, "day": due.isoformat()}
        yield Todo(text % facts, reverse("talent:cards"), 1, int(due < clock.today()))


@register_home_todos
def editions_to_print(actor: Actor) -> Iterator[Todo]:
    """A replaced or renewed card has no case in the queue of prints any more."""
    if not keeps_cards(actor):
        return
    count = Card.objects.kept_by(actor).new_editions_to_print(clock.today()).count()
    if count:
        url = f"{reverse('talent:cards_manage')}?paper={NOT_PRINTED}"
        yield Todo(_("New editions of talent cards to print: %(count)s") % {"count": count}, url, count, 0)


@act_link
def run_of(act: Act) -> Iterator[Link]:
    """From the result of 【打印】 to what goes to the card printer."""
    if act.case_type != BOHAI_CARD or act.stage != PRINT:
        return
    run = PrintRun.objects.filter(act=act).first()
    if run is not None:
        yield Link(_("Print run %(number)s") % {"number": run.number}, reverse("talent:print_run", args=[run.token]))


@case_link
def card_of(case: Case, actor: Actor) -> Iterator[Link]:
    """To the card that was issued by it: for its holder, and for the bureau that keeps it."""
    if case.case_type != BOHAI_CARD or not (actor.is_person or keeps_cards(actor)):
        return
    card = Card.objects.visible_to(actor).of_cases([case]).first()
    if card is not None:
        url = reverse("talent:cards") if actor.is_person else reverse("talent:card_manage", args=[card.pk])
        yield Link(_("Talent card %(number)s") % {"number": card.number}, url)
