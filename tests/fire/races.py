"""Who presses what at the same moment. Each race prepares one contest; the judge says what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from accounts.models import User
from tests.fire.browser import Browser, Page
from tests.fire.site import Web
from tests.fire.town import Town, queue_path
from workflow.models import Case

DONE, CONFLICT = 302, 409
FASTER = "已先行办理"
NAMED = re.compile(r'href="/cases/(\d+)/')
ROWS = 3
TRIES = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What one contender was told: which cases are theirs, and of which somebody else was faster."""

    status: int
    done: frozenset[int] = frozenset()
    beaten: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Press:
    """A form that is filled in; ``send`` presses its button."""

    cases: frozenset[int]
    send: Callable[[], Answer]


@dataclass(frozen=True, slots=True)
class Contest:
    """``held``: the row that all contenders need. ``one_form``: all send the same form and get the same answer."""

    cases: Sequence[int]
    held: int
    presses: Sequence[Press]
    one_form: bool = False


@dataclass
class Ring:
    """A town, the web server it uses and the browsers of its people."""

    town: Town
    web: Web
    _browsers: dict[int, Browser] = field(default_factory=dict)

    def browser(self, user: User) -> Browser:
        if user.pk not in self._browsers:
            self._browsers[user.pk] = self.web.browser(user)
        return self._browsers[user.pk]

    # What people do ---------------------------------------------------------------------------------------------------

    def decides(self, user: User, pk: int, action: str, **entered: str) -> Press:
        """Open the case page, and later press its button."""
        browser = self.browser(user)
        fields = browser.get(f"/cases/{pk}/").fields
        path = f"/cases/{pk}/{action}/"
        return Press(frozenset({pk}), lambda: _of_one(pk, browser.post(path, fields | entered)))

    def decides_many(self, user: User, stage: str, pks: Sequence[int]) -> Press:
        """Tick the rows in this order, open the confirmation, and later press its button."""
        browser = self.browser(user)
        revisions = dict(Case.objects.filter(pk__in=pks).values_list("pk", "revision"))
        ticks = [("case", f"{pk}:{revisions[pk]}") for pk in pks]
        asked = browser.post(queue_path(stage, "select/"), [*ticks, ("action", "approve"), ("criteria", "")])
        fields = browser.get(asked.location).fields
        return Press(frozenset(pks), lambda: _of_many(pks, browser, browser.post(asked.location, fields)))

    def submits(self, user: User, pk: int, times: int) -> list[Press]:
        """Open the last page of the form once, and later send it so many times."""
        browser = self.browser(user)
        path = f"/rent/{pk}/check/"
        fields = browser.get(path).fields | {"pledged": "on"}
        return [Press(frozenset({pk}), lambda: _of_one(pk, browser.post(path, fields)))] * times


def _of_one(pk: int, page: Page) -> Answer:
    if page.status == DONE:
        return Answer(page.status, done=frozenset({pk}))
    return Answer(page.status, beaten=frozenset({pk} if page.status == CONFLICT and FASTER in page.text else ()))


def _of_many(pks: Sequence[int], browser: Browser, page: Page) -> Answer:
    if page.status != DONE:
        return Answer(page.status)
    told = browser.get(page.location).text.partition('id="refused"')[2]
    # Each refused row links its case and gives the reason.
    refused = {int(row.group(1)) for part in told.split("<tr>") if FASTER in part for row in NAMED.finditer(part)}
    named = {int(row.group(1)) for row in NAMED.finditer(told)}
    return Answer(page.status, done=frozenset(pks) - named, beaten=frozenset(refused))


def two_reviewers(ring: Ring) -> Contest:
    """Two reviewers of one office press 审核通过 on the same case."""
    (case,) = ring.town.at_bureau()
    one, other = ring.town.officers
    return Contest([case.pk], case.pk, [ring.decides(one, case.pk, "approve"), ring.decides(other, case.pk, "approve")])


def approve_against_return(ring: Ring) -> Contest:
    (case,) = ring.town.at_bureau()
    one, other = ring.town.officers
    back = ring.decides(other, case.pk, "send_back", target="person", opinion="请补充租房合同")
    return Contest([case.pk], case.pk, [ring.decides(one, case.pk, "approve"), back])


def approve_against_withdraw(ring: Ring) -> Contest:
    """The employer approves while the applicant withdraws."""
    (case,) = ring.town.filed()
    approve = ring.decides(ring.town.clerks[0], case.pk, "approve")
    return Contest([case.pk], case.pk, [approve, ring.decides(case.applicant, case.pk, "withdraw")])


def batch_against_single(ring: Ring) -> Contest:
    pks = _rows(ring)
    one, other = ring.town.officers
    batch = ring.decides_many(one, "county_hr", pks)
    return Contest(pks, pks[1], [batch, ring.decides(other, pks[1], "approve")])


def batches_crossing(ring: Ring) -> Contest:
    """Two batches over the same rows, ticked in opposite order."""
    pks = _rows(ring)
    one, other = ring.town.officers
    there, back = ring.decides_many(one, "county_hr", pks), ring.decides_many(other, "county_hr", pks[::-1])
    return Contest(pks, pks[1], [there, back])


def five_submits(ring: Ring) -> Contest:
    """One form, sent five times with its one token."""
    case = ring.town.draft().case
    return Contest([case.pk], case.pk, ring.submits(case.applicant, case.pk, TRIES), one_form=True)


def _rows(ring: Ring) -> list[int]:
    return [case.pk for case in ring.town.at_bureau(ROWS)]


RACES = (
    two_reviewers,
    approve_against_return,
    approve_against_withdraw,
    batch_against_single,
    batches_crossing,
    five_submits,
)
