"""Applicants of one employer on their way to the county bureau, and the tables that name them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile

from talent.models import CardApplication, SummaryBatch, SummaryScan
from talent.services.summary import export_summary, upload_summary
from tests.accounts.factories import OfficerFactory, PersonFactory, UnitFactory
from tests.talent.card_factories import make_submitted_card_application
from tests.workflow.factories import acting
from tests.workflow.files import pdf
from workflow.actors import Actor
from workflow.enums import Action, Role
from workflow.models import Case, Organisation
from workflow.services import perform_one


@dataclass(frozen=True, slots=True)
class Firm:
    """An employer with its county bureau, and who acts for each."""

    unit: Organisation
    handler: Actor
    specialist: Actor
    lead: Actor

    def applicant(self, name: str = "李海洋", **facts: object) -> Case:
        """Filed; it waits for the employer."""
        person = PersonFactory(unit=self.unit, name=name)
        return make_submitted_card_application(person=person, unit=self.unit, **facts).case

    def approved(self, name: str = "李海洋", **facts: object) -> Case:
        """Passed on by the employer; it waits for the 服务专员."""
        return self.move(self.applicant(name, **facts), Action.APPROVE, self.handler)

    def move(self, case: Case, action: Action, actor: Actor, **options: object) -> Case:
        if action in (Action.SEND_BACK, Action.REJECT):
            options.setdefault("opinion", "请补正")
        fresh = Case.objects.get(pk=case.pk)
        perform_one(action, fresh, actor, token=uuid.uuid4(), **options)
        return Case.objects.get(pk=case.pk)

    def table(self, *cases: Case) -> SummaryBatch:
        return export_summary([case.pk for case in cases], self.handler)

    def sealed(self, *cases: Case) -> SummaryScan:
        return upload_summary(self.table(*cases), upload=scan(), actor=self.handler)

    def application_of(self, case: Case) -> CardApplication:
        return CardApplication.objects.get(case=case)


def make_firm() -> Firm:
    unit = UnitFactory()
    bureau = unit.parent
    hands = [OfficerFactory(office=bureau, office__role=role) for role in (Role.SPECIALIST, Role.LEADER)]
    specialist, lead = (acting(user.duties.get()) for user in hands)
    return Firm(unit, acting(unit.duties.get()), specialist, lead)


_made = iter(range(1, 1_000_000))


def scan(content: bytes = b"") -> SimpleUploadedFile:
    """A sealed table; each call another file, unless its content is given."""
    return SimpleUploadedFile("汇总表盖章.pdf", content or pdf() + f"\n% {next(_made)}\n".encode())


def make_city_lead() -> Actor:
    return acting(OfficerFactory(office="city_hr", office__role=Role.LEADER).duties.get())
