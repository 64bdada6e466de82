"""Thousands of graduates at once: the people, their facts and their drafts by set inserts, then the real filing.

They are there as if their registrations had been approved long ago; everything from the filing on is real.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.enums import RealNameLevel, TermsKind, UserKind
from accounts.hashes import identifier_keys
from accounts.models import Consent, Identifier, Person, Terms, User
from portal.demo.graduates import education_of, form_of, identity_of, study_of, work_of
from portal.demo.names import Invented
from portal.demo.papers import hand_in
from subsidies.enums import GRADUATE_RENT
from subsidies.models import Programme, RentApplication
from subsidies.services.submission import Submission, submit_applications
from talent.models import Education, WorkExperience
from workflow import clock
from workflow.actors import Actor
from workflow.bulk import insert_rows
from workflow.models import Act, Case, ChainVersion, Material, Organisation

# What the rows of one file have in common.
OF_A_FILE = ("kind", "name", "file", "content_type", "size", "sha256", "scan")


@dataclass(frozen=True, slots=True)
class Newcomer:
    invented: Invented
    unit: Organisation
    months: int


def submit_all(applications: Iterable[tuple[int, Actor]]) -> list[Act]:
    """File the forms of these cases, each by its own person; nobody here has a reason to be refused."""
    acts = []
    for answer in submit_applications([Submission(pk, actor, uuid.uuid4(), True) for pk, actor in applications]):
        if not isinstance(answer, Act):
            raise answer
        acts.append(answer)
    return acts


class Settlement:
    """Knows what all drafts share: the chain, the programmes, the papers of the first one."""

    def __init__(self) -> None:
        self.chain = ChainVersion.objects.published(GRADUATE_RENT)
        self._programmes: dict[str, Programme] = {}
        self._papers: list[Material] = []

    @transaction.atomic
    def file(self, newcomers: Sequence[Newcomer]) -> list[int]:
        """Answers the cases; statements and commit are shared, each filing has an act and a person of its own."""
        users = self._make_people(newcomers)
        applications = self._make_drafts(newcomers, users)
        self._hand_in(applications, users)
        submit_all(zip([application.pk for application in applications], map(Actor, users), strict=True))
        return [application.pk for application in applications]

    def _make_people(self, newcomers: Sequence[Newcomer]) -> list[User]:
        now, locked = clock.now(), make_password(None)
        people = Person.objects.bulk_create(
            Person(unit=one.unit, created_at=now, **identity_of(one.invented).columns) for one in newcomers
        )
        users = User.objects.bulk_create(
            User(
                username=f"s{int(one.invented.phone[3:])}", name=one.invented.name, phone=one.invented.phone,
                password=locked, kind=UserKind.PERSON, person=person, is_approved=True,
                real_name_level=RealNameLevel.MIDDLE,
            )
            for one, person in zip(newcomers, people, strict=True)
        )  # fmt: skip
        Identifier.objects.bulk_create(
            Identifier(kind=kind, hash=key, user=user)
            for one, user in zip(newcomers, users, strict=True)
            for kind, key in identifier_keys(number=one.invented.number, phone=one.invented.phone).items()
        )
        texts = Terms.objects.of_kinds([TermsKind.PERSON, TermsKind.SENSITIVE])
        Consent.objects.bulk_create(Consent(user=user, terms=terms, given_at=now) for user in users for terms in texts)
        studies = [study_of(one.invented) for one in newcomers]
        Education.objects.bulk_create(map(education_of, people, studies))
        WorkExperience.objects.bulk_create(
            work_of(person, one.unit, study.hired_on)
            for one, person, study in zip(newcomers, people, studies, strict=True)
        )
        return users

    def _make_drafts(self, newcomers: Sequence[Newcomer], users: Sequence[User]) -> list[RentApplication]:
        now = clock.now()
        cases = Case.objects.bulk_create(
            Case(
                case_type=GRADUATE_RENT, chain=self.chain, applicant=user, created_at=now,
                unit=one.unit, supervisor=one.unit.parent, region=one.unit.region,
            )
            for one, user in zip(newcomers, users, strict=True)
        )  # fmt: skip
        studied = {
            row.person_id: row for row in Education.objects.filter(person__in=[user.person_id for user in users])
        }
        return RentApplication.objects.bulk_create(
            RentApplication(
                case=case, programme=self._programme(one.unit), person=user.person,
                education=studied[user.person_id or 0], saved_at=now,
                **form_of(one.invented, months=one.months, ends=3),
            )
            for one, user, case in zip(newcomers, users, cases, strict=True)
        )  # fmt: skip

    def _programme(self, unit: Organisation) -> Programme:
        if unit.region_id not in self._programmes:
            found = Programme.objects.for_applicants_of(unit.region, clock.today())
            assert found is not None, "the shipped programme covers the whole city"
            self._programmes[unit.region_id] = found
        return self._programmes[unit.region_id]

    def _hand_in(self, applications: Sequence[RentApplication], users: Sequence[User]) -> None:
        """The first application's papers are stored; all others name the same files."""
        rest = list(zip(applications, users, strict=True))
        if not self._papers:
            application, user = rest.pop(0)
            hand_in(application.case, Actor(user))
            self._papers = list(Material.objects.filter(case=application.case))
        insert_rows(Material, ("token", "case", "uploaded_by", "uploaded_at", *OF_A_FILE), list(self._copies(rest)))

    def _copies(self, rest: Iterable[tuple[RentApplication, User]]) -> Iterable[tuple[Any, ...]]:
        now = clock.now()
        files = [
            tuple(paper.file.name if name == "file" else getattr(paper, name) for name in OF_A_FILE)
            for paper in self._papers
        ]
        for application, user in rest:
            for file in files:
                yield uuid.uuid4(), application.pk, user.pk, now, *file
