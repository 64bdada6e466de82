"""What the demonstration of 渤海英才卡 must hold, for whoever follows manual 001 with it."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from accounts.models import MessageSettings, PersonRegistration, User
from talent.card_verdicts import judge
from talent.change_eligibility import facts_of
from talent.eligibility import assess
from talent.enums import CardLevel, CardState, ChangeKind, SummaryState
from talent.models import Card, CardApplication, CardChange, HandOut, PrintRun, Proof, ServiceRequest, SummaryBatch
from talent.rules.changes import check_change
from talent.services.signing import card_code
from workflow import clock
from workflow.models import Case, Organisation, OutboxMessage
from workflow.presentation.remarks import open_remarks
from workflow.services.materials import missing_materials


def of(username: str) -> User:
    return User.objects.select_related("person").get(username=username)


def card_of(username: str) -> Card:
    return Card.objects.get(person=of(username).person)


def look_at_the_employer() -> None:
    """5.2 and 5.3 of the manual: several to review at once, persons on no table, one to upload, one that came back."""
    unit = Organisation.objects.distinct().get(duties__user__username="unit")
    assert PersonRegistration.objects.filter(unit=unit, case__state="in_review").count() > 1
    ours = Case.objects.of_type("bohai_card").filter(unit=unit)
    assert ours.filter(stage="unit").count() > 1
    assert ours.filter(stage="county_specialist", summary_members=None).count() > 1
    states = {batch.state for batch in SummaryBatch.objects.of_unit(unit).with_state()}
    assert states >= {SummaryState.OPEN, SummaryState.RETURNED, SummaryState.SEALED}
    sealed = ours.filter(stage="county_specialist", summary_members__scan__isnull=False)
    assert sealed.count() > 1
    both = set(CardApplication.objects.exclude(specialist=None).values_list("specialist__username", flat=True))
    assert both == {"county_specialist", "county_specialist2"}


def look_at_the_draft() -> None:
    """One sentence is missing, and no paper."""
    draft = CardApplication.objects.whole().get(person=of("talent").person)
    assert assess(draft).gaps == ["achievements"]
    assert assess(draft).failed == []
    assert list(missing_materials(draft.case)) == []


def look_at_the_return() -> None:
    """Three remarks, each on a line of the form as it was filed."""
    application = CardApplication.objects.get(person=of("talent_back").person)
    filed = application.case.filings.get().content
    lines = {f"{part['key']}.{row['key']}": row["label"] for part in filed["sections"] for row in part["rows"]}
    titles = {part["key"]: part["title"] for part in filed["sections"]} | {"materials": "申请材料"}
    remarks = open_remarks(application.case)
    assert len(remarks) == 3
    for remark in remarks:
        assert remark.section == titles[remark.key.partition(".")[0]]
        assert remark.is_of_materials or remark.label == lines[remark.key]


def look_at_the_cards() -> None:
    """Every state and type, one print run, cards that wait for their holders; and what the public is told of each."""
    today = clock.today()
    cards = {card.number: card for card in Card.objects.all()}
    assert {card.state for card in cards.values()} == set(CardState)
    assert {card.state_on(today) for card in cards.values()} == set(CardState)
    assert all(card.state == card.state_on(today) for card in cards.values())
    assert {card.level for card in cards.values()} > {CardLevel.B}
    run = PrintRun.objects.get()
    assert 0 < HandOut.objects.count() < run.prints.count() < len(cards)
    told = {judge(card_code(card)).answer.key for card in cards.values()}
    assert told == set(CardState.values)
    expected = {"holder": "valid", "holder_lost": "lost", "holder_frozen": "frozen", "holder_expired": "expired",
                "holder_cancelled": "cancelled", "foreigner": "valid", "resident": "valid"}  # fmt: skip
    assert {who: card_of(who).state for who in expected} == expected


def look_at_the_changes() -> None:
    """One of each kind under way, each at another office; one done, which made a new edition."""
    under_way = CardChange.objects.filter(case__state="in_review")
    stages = dict(under_way.values_list("kind", "case__stage"))
    assert stages == {
        ChangeKind.RENEW: "unit", ChangeKind.REPLACE: "county_specialist", ChangeKind.MOVE: "city_specialist",
    }  # fmt: skip
    done = CardChange.objects.select_related("card").get(case__state="approved")
    assert (done.card.edition, done.card.state) == (2, CardState.VALID)


def look_at_the_services() -> None:
    """At every stage with whoever is in charge; one evaluated, one to evaluate."""
    ours = ServiceRequest.objects.filter(card=card_of("holder"))
    taken = ours.exclude(accepted_at=None)
    assert taken.count() > 2
    assert not taken.filter(department="").exists()
    assert not taken.filter(promised_on=None).exists()
    finished = ours.exclude(finished_at=None)
    assert finished.filter(rating__isnull=False).count() == finished.filter(rating=None).count() == 1


def look_at_the_holders() -> None:
    """Each finds the button that the sign-in page promises."""
    pages = {
        "holder_ending": ("changes", "续期"),
        "holder_lost": ("changes", "补发"),
        "holder": ("services", "待服务专员受理"),
        "resident": ("cards", "TANAKA"),
    }
    for who, (page, words) in pages.items():
        assert words in _page(who, f"talent:{page}"), who
    assert _offers(_page("holder_ending", "talent:changes")) == {"renew"}
    ending = facts_of(Card.objects.whole().get(pk=card_of("holder_ending").pk))
    assert all(check.passed for check in check_change(ChangeKind.RENEW, ending))
    assert _offers(_page("holder_lost", "talent:changes")) == {"replace"}
    assert _offers(_page("holder_frozen", "talent:changes")) == set()


def look_at_the_wallet() -> None:
    """Papers of several kinds; one has run out, one is about to, and its owner was told."""
    user = of("talent")
    papers = Proof.objects.filter(person=user.person)
    assert papers.values("kind").distinct().count() > 6
    assert [paper.kind for paper in papers if paper.is_expired] == ["no_house_proof"]
    assert [paper.kind for paper in papers if paper.runs_out] == ["id_card"]
    assert OutboxMessage.objects.filter(kind="talent.paper_runs_out", recipient=user).count() == 1
    person = user.person
    assert person is not None
    assert min(rows.count() for rows in (person.honours, person.projects, person.family)) > 2
    assert "即将到期" in _page("talent", "talent:wallet")


def look_at_the_foreigners() -> None:
    for who, kind, nation in (("foreigner", "06", "DE"), ("resident", "05", "JP")):
        person = of(who).person
        assert person is not None
        assert (person.document_kind, person.talent_profile.nationality) == (kind, nation)
        card = card_of(who)
        assert card.name == card.name_latin == person.foreign_name
    assert MessageSettings.objects.get(user=of("foreigner")).language == "en"
    client = _client("foreigner")
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    assert "My talent card" in client.get(reverse("talent:cards")).content.decode()


LOOKS = (
    look_at_the_employer, look_at_the_draft, look_at_the_return, look_at_the_cards, look_at_the_changes,
    look_at_the_services, look_at_the_holders, look_at_the_wallet, look_at_the_foreigners,
)  # fmt: skip


def _client(username: str) -> Client:
    client = Client()
    client.post(reverse("portal:demo_sign_in", args=[username]))
    return client


def _page(username: str, name: str) -> str:
    return _client(username).get(reverse(name)).content.decode()


def _offers(page: str) -> set[str]:
    return set(re.findall(r'name="kind" value="(\w+)"', page))
