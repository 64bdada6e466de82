"""Applications for the talent card, filled in, filed, and led through the offices to where they stop."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile

from accounts.models import User
from portal.demo.papers import hand_in, sealed_paper
from portal.demo.walk import Walker
from talent.enums import Arrival
from talent.models import CardApplication, SummaryBatch
from talent.services.application import save_card_draft, start_card_application
from talent.services.submission import submit_card_application
from talent.services.summary import export_summary, return_summary, upload_summary
from workflow import clock
from workflow.actors import Actor
from workflow.enums import Role
from workflow.models import Case

CATEGORIES = {"2": "doctor", "3": "bachelor", "4": "bachelor"}
TOP = "province_top"
ACHIEVEMENTS = "参与海水淡化关键材料攻关，完成两项工艺改进，年节约成本六十万元。"
# Days before today on which a case that ends today in the printer left each stage.
DAYS = {
    "": -30, "unit": -28, "county_specialist": -24, "county_lead": -22, "city_specialist": -19, "city_lead": -17,
    "print": -15,
}  # fmt: skip
ORDER = list(DAYS)
OPINIONS = {
    "unit": "情况属实，同意推荐。",
    "county_specialist": "材料齐全，符合申领条件。",
    "county_lead": "同意上报。",
    "city_specialist": "复核无误。",
    "city_lead": "同意发卡。",
    "print": "",
}
Seal = Callable[[Sequence[int]], object]


@dataclass(frozen=True, slots=True)
class Applicant:
    user: User
    category: str = ""
    evidence: str = ""


def fill_in_card(applicant: Applicant, *, achievements: str = ACHIEVEMENTS) -> CardApplication:
    """A draft with every field and paper."""
    # Read anew, as a request would: the talent space has been filled in since.
    user = User.objects.select_related("person__unit").get(pk=applicant.user.pk)
    person, actor = user.person, Actor(user)
    assert person is not None
    application = start_card_application(person, actor)
    degree = min((study.degree for study in person.educations.all() if study.degree), default="4")
    values = {
        "department": "技术部",
        "arrival": Arrival.FULL_TIME,
        "salary": "18.5",
        "category": application.scheme.categories.get(code=applicant.category or CATEGORIES[degree]),
        "evidence": applicant.evidence,
        "achievements": achievements,
    }
    save_card_draft(application, actor, values=values, typed={})
    hand_in(application.case, actor)
    return application


def file_card(applicant: Applicant) -> int:
    """Answers the case."""
    application = fill_in_card(applicant)
    submit_card_application(application, Actor(applicant.user), token=uuid.uuid4(), pledged=True)
    return application.case_id


class CardWalk:
    """Leads applications through the chain; ``seal``: whether the employer's table comes back with its stamp."""

    def __init__(self, walker: Walker) -> None:
        self.walker = walker

    def file(self, applicants: Sequence[Applicant], stop: str, *, earlier: int = 0) -> list[int]:
        with clock.travelling(_day("", stop, earlier)):
            return [file_card(applicant) for applicant in applicants]

    def lead(self, cases: Sequence[int], stop: str, *, earlier: int = 0, table: Seal | None = None) -> None:
        """To where they wait for ``stop``, "end": printed. They came there two days ago, or ``earlier``."""
        last = None if stop == "end" else ORDER.index(stop)
        for stage in ORDER[1:last]:
            day = _day(stage, stop, earlier)
            with clock.travelling(day):
                press(self.walker, cases, opinion=OPINIONS[stage])
            if stage == "unit":
                with clock.travelling(day + 1):
                    (table or self.seal)(cases)

    def seal(self, cases: Sequence[int]) -> SummaryBatch:
        """【导出】, print, stamp, scan, 【上传汇总表】."""
        batch = self.export(cases)
        upload = ContentFile(sealed_paper(f"汇总表 {batch.number}"), name="汇总表（盖章）.pdf")
        upload_summary(batch, upload=upload, actor=self.walker.officers[batch.unit_id])
        return batch

    def export(self, cases: Sequence[int]) -> SummaryBatch:
        unit = Case.objects.get(pk=cases[0]).unit_id
        assert unit is not None
        return export_summary(cases, self.walker.officers[unit])

    def wants_another_scan(self, cases: Sequence[int]) -> None:
        """The table comes back from the county bureau."""
        batch = self.seal(cases)
        assert batch.unit.parent_id is not None
        specialist = self.walker.special[batch.unit.parent_id, Role.SPECIALIST]
        return_summary(batch, reason="公章不清晰，请重新盖章后上传。", actor=specialist)


def leave_open(cases: Sequence[int]) -> None:
    """These stand on no table yet."""


def press(walker: Walker, cases: Sequence[int], **how: object) -> None:
    """One step that nobody has a reason to refuse."""
    for act in walker.step(cases, **how):  # type: ignore[arg-type]
        if act.refused:
            raise RuntimeError(str(act.refused))


def _day(stage: str, stop: str, earlier: int) -> int:
    """The day on which a group that stops at ``stop`` leaves ``stage``."""
    last_left = ORDER[-1] if stop == "end" else ORDER[ORDER.index(stop) - 1]
    ahead = 0 if stop == "end" else -2 - DAYS[last_left]
    return DAYS[stage] + ahead - earlier
