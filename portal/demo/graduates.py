"""Graduates of the demonstration: registered with an employer, with education, work and an application."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from accounts.enums import TermsKind
from accounts.models import Person, PersonRegistration, Terms, User
from accounts.services import IdentityFacts, StudyFacts, register_person, submit_registration
from portal.demo.names import Invented
from portal.demo.papers import hand_in, upload_of
from portal.demo.portraits import portrait
from portal.demo.spaces import fill_space
from portal.demo.walk import Walker
from subsidies.amounts import add_months, last_day, month_of
from subsidies.models import RentApplication
from subsidies.services.application import save_draft, start_application
from subsidies.services.submission import submit_application
from talent.enums import ProofKind
from talent.models import Education, WorkExperience
from talent.portraits import prepare_portrait
from talent.services.facts import keep_fact
from talent.services.wallet import add_proof, keep_photo
from workflow import clock
from workflow.actors import Actor
from workflow.models import Organisation

DEGREES = {"11": "2", "14": "3", "21": "4"}


def renamed(invented: Invented, name: str) -> Invented:
    return replace(invented, name=name)


def identity_of(invented: Invented) -> IdentityFacts:
    number = invented.number
    return IdentityFacts(
        document_kind="01",
        number=number,
        name=invented.name,
        phone=invented.phone,
        email="",
        birth_date=date(int(number[6:10]), int(number[10:12]), int(number[12:14])),
        sex="1" if int(number[16]) % 2 else "2",
        ethnic="01",
        political="03",
        household_id="130902",
    )


def study_of(invented: Invented) -> StudyFacts:
    return StudyFacts(
        education=invented.degree,
        degree=DEGREES[invented.degree],
        school=invented.school,
        major=invented.major,
        graduated_on=invented.graduated_on,
        full_time=True,
        certificate_number=f"100751{invented.account[-12:]}",
        hired_on=month_of(invented.graduated_on).replace(month=8),
    )


def register(
    invented: Invented, unit: Organisation, username: str, *, identity: IdentityFacts | None = None
) -> PersonRegistration:
    """A filed registration that waits for the employer. ``identity``: of whoever has no ID number."""
    registration = register_person(
        identity or identity_of(invented),
        study_of(invented),
        unit=unit,
        username=username,
        password=None,
        terms=Terms.objects.of_kinds([TermsKind.PERSON, TermsKind.SENSITIVE]),
        token=uuid.uuid4(),
    )
    actor = Actor(User.objects.get(pk=registration.case.applicant_id))
    hand_in(registration.case, actor)
    submit_registration(registration.case, actor, token=uuid.uuid4())
    return registration


def settle(registration: PersonRegistration, walker: Walker) -> User:
    """The employer approves; the person keeps education and work history."""
    walker.step([registration.case_id], opinion="情况属实。")
    user = User.objects.select_related("person__unit").get(pk=registration.case.applicant_id)
    assert user.person is not None
    _keep_facts(user.person, registration)
    return user


def _keep_facts(person: Person, study: PersonRegistration) -> None:
    education, work = education_of(person, study), work_of(person, study.unit, study.hired_on)
    if not Education.objects.of(person).filter(level=education.level, school=education.school).exists():
        keep_fact(education)
    if not WorkExperience.objects.of(person).current().exists():
        keep_fact(work)


def education_of(person: Person, study: StudyFacts | PersonRegistration) -> Education:
    return Education(
        person=person,
        level=study.education,
        school=study.school,
        degree=study.degree,
        major=study.major,
        graduated_on=study.graduated_on,
        full_time=True,
        certificate_number=study.certificate_number,
    )


def work_of(person: Person, unit: Organisation, hired_on: date) -> WorkExperience:
    return WorkExperience(
        person=person,
        unit=unit,
        unit_name=unit.name,
        uscc=unit.code,
        unit_kind="32",
        region_id=unit.region_id,
        position="工程师",
        contract_kind="1",
        contract_start=hired_on,
        contract_end=hired_on.replace(year=hired_on.year + 5),
        joined_on=hired_on,
        insured_in_id="130900",
        insured_from=hired_on,
    )


def keep_papers(user: User, invented: Invented) -> None:
    """A photo, and what proves the present employment."""
    person, actor = user.person, Actor(user)
    assert person is not None
    draft = portrait(female=person.sex == "2", variant=int(invented.account[-2:]))
    keep_photo(person, picture=prepare_portrait(ContentFile(draft, name="证件照.jpg")), actor=actor)
    work = WorkExperience.objects.of(person).current().get()
    for kind, label in ((ProofKind.CONTRACT, "劳动合同"), (ProofKind.SERVICE, "在职证明")):
        add_proof(work, kind=kind, upload=upload_of(label), actor=actor)


def make_settled(
    walker: Walker,
    invented: Invented,
    unit: Organisation,
    *,
    username: str = "",
    identity: IdentityFacts | None = None,
    nationality: str = "CN",
) -> User:
    """Registered three months ago, with a photo, proofs of the employment and a talent space."""
    with clock.travelling(-90):
        registration = register(invented, unit, username or username_of(invented), identity=identity)
    with clock.travelling(-88):
        user = settle(registration, walker)
        keep_papers(user, invented)
        fill_space(user, invented, nationality=nationality)
        return user


def username_of(invented: Invented) -> str:
    return f"g{int(invented.phone[3:])}"


def form_of(invented: Invented, *, months: int, ends: int = 1) -> dict[str, Any]:
    """Every field of the form, for ``months`` months, the last one ``ends`` months ago."""
    end = add_months(month_of(clock.today()), -ends)
    start = add_months(end, 1 - months)
    return {
        "came_on": month_of(invented.graduated_on).replace(month=8),
        "insured_from": month_of(invented.graduated_on).replace(month=8),
        "insured_months": (end.year - invented.graduated_on.year) * 12 + end.month - 8 + 1,
        "owns_house": False,
        "marital": "10",
        "enjoyed_other": False,
        "address": invented.address,
        "landlord_name": "房东" + invented.name[0],
        "landlord_phone": "0317-2000000",
        "lease_start": add_months(start, -1),
        "lease_end": last_day(add_months(end, 6)),
        "monthly_rent": Decimal(invented.rent),
        "lease_recorded": True,
        "start": start,
        "end": end,
        "account_holder": invented.name,
        "bank": invented.bank,
        "branch": f"{invented.bank}沧州分行",
        "account": invented.account,
        "social_card": False,
    }


def fill_in(user: User, invented: Invented, *, months: int, ends: int = 1) -> RentApplication:
    """A draft with every field and paper, for ``months`` months, the last one ``ends`` months ago."""
    person, actor = user.person, Actor(user)
    assert person is not None
    application = start_application(person, actor)
    save_draft(application, actor, values=form_of(invented, months=months, ends=ends), typed={})
    hand_in(application.case, actor)
    return application


def submit(application: RentApplication, user: User) -> int:
    """Answers the case."""
    submit_application(application, Actor(user), token=uuid.uuid4(), pledged=True)
    return application.case_id
