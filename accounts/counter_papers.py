"""What people bring to a counter, by the manual's words (questions 2 and 8), and what they sign there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import CounterSubject
from workflow.registry import Text

# The first name is the city's.
AGREEMENT = "{}人力资源和社会保障网上业务办理协议"
APPLICATION = "{}人力资源和社会保障个人网上办事申请单"
UNIT_RESET = "{}人力资源和社会保障单位网上办事密码重置申请单"
PERSON_RESET = "{}人力资源和社会保障个人网上办事密码重置申请单"


@dataclass(frozen=True, slots=True)
class Paper:
    """One line of the check-list; lines with the same ``one_of`` stand for each other."""

    key: str
    label: Text
    one_of: str = ""


# Beside a name that has gone out of use stands today's.
CODE = Paper("code", gettext_lazy("Organisation code certificate (today: unified social credit code certificate)"))
LICENCE = Paper("licence", gettext_lazy("Business licence, original and copy (today: 营业执照)"), "founded")
APPROVAL = Paper("approval", gettext_lazy("Document of the approved foundation"), "founded")
PRACTICE = Paper("practice", gettext_lazy("Another document of approved practice"), "founded")
UNIT_APPROVAL = Paper("unit_approval", gettext_lazy("Document that approved the foundation of the unit"), "founded")
INSTITUTION = Paper("institution", gettext_lazy("Certificate of the public institution as a legal person"), "founded")
CERTIFICATE = Paper("certificate", gettext_lazy("Another certificate of approved practice"), "founded")
AGENT_CARD = Paper("agent_card", gettext_lazy("ID card of the agent in person, original and copy"))
OWN_CARD = Paper("own_card", gettext_lazy("ID card, original and copy"))

BUSINESS = (CODE, LICENCE, APPROVAL, PRACTICE, AGENT_CARD)
PUBLIC = (CODE, UNIT_APPROVAL, INSTITUTION, CERTIFICATE, AGENT_CARD)
PAPERS: dict[CounterSubject, Sequence[Paper]] = {
    CounterSubject.ENTERPRISE: BUSINESS,
    CounterSubject.NON_PROFIT: BUSINESS,
    CounterSubject.GOVERNMENT: PUBLIC,
    CounterSubject.INSTITUTION: PUBLIC,
    CounterSubject.PERSON: (OWN_CARD,),
}
UNITS = tuple(subject for subject in CounterSubject if subject != CounterSubject.PERSON)


def papers_of(subject: str) -> Sequence[Paper]:
    return PAPERS[CounterSubject(subject)]


def labels_of(subject: str, keys: Collection[str]) -> list[str]:
    return [str(paper.label) for paper in papers_of(subject) if paper.key in keys]


def missing_papers(subject: str, keys: Collection[str]) -> list[str]:
    """What the officer has still to see; one of those that stand for each other is enough."""
    groups: dict[str, list[Paper]] = {}
    for paper in papers_of(subject):
        groups.setdefault(paper.one_of or paper.key, []).append(paper)
    lacking = [group for group in groups.values() if not any(paper.key in keys for paper in group)]
    return [_(" or ").join(str(paper.label) for paper in group) for group in lacking]


def agreement_title(subject: str, city: str) -> str:
    return (APPLICATION if subject == CounterSubject.PERSON else AGREEMENT).format(city)


def reset_title(subject: str, city: str) -> str:
    return (PERSON_RESET if subject == CounterSubject.PERSON else UNIT_RESET).format(city)


def ways_to_a_counter(city: str) -> Iterator[tuple[str, list[str], str]]:
    """(who, what they bring, what they fill in): question 8."""
    business = f"{CounterSubject.ENTERPRISE.label} / {CounterSubject.NON_PROFIT.label}"
    public = f"{CounterSubject.GOVERNMENT.label} / {CounterSubject.INSTITUTION.label}"
    for who, papers, title in (
        (business, BUSINESS, UNIT_RESET),
        (public, PUBLIC, UNIT_RESET),
        (str(CounterSubject.PERSON.label), (OWN_CARD,), PERSON_RESET),
    ):
        founded = _(" or ").join(str(paper.label) for paper in papers if paper.one_of)
        lines = [str(paper.label) for paper in papers if not paper.one_of]
        yield who, [*lines[:1], founded, *lines[1:]] if founded else lines, f"《{title.format(city)}》"
