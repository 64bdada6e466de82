"""The application for the card as filed: sections and tables with Chinese labels, the checks, the papers (spec 4.7)."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talent.eligibility import Assessment, assess, profile_of
from talent.enums import Arrival, CardLevel, Grade, ProjectKind, Relation
from talent.models import CardApplication, Education, FamilyMember, Honour, Project, WorkExperience
from talent.services.specialists import contact_of
from workflow.codelists import (
    CONTRACT_KIND,
    DEGREE,
    DOCUMENT_KINDS,
    EDUCATION,
    ETHNIC,
    NATIONALITY,
    POLITICAL,
    SEX,
    SKILL_LEVEL,
    TITLE_LEVEL,
)
from workflow.doubts import doubted
from workflow.identifiers import document_warning
from workflow.lookup_keys import identity_key, tail_key
from workflow.masking import mask_address, mask_number, mask_phone
from workflow.sections import Row, Section, row, secret, section
from workflow.services.filings import FilingDraft
from workflow.services.materials import describe_materials

CHINESE = "zh-hans"


def build_filing(application: CardApplication) -> FilingDraft:
    """What is frozen by a submission; always in Chinese, whatever language the page is in."""
    with translation.override(CHINESE):
        assessment = assess(application)
        content = {
            "sections": build_sections(application),
            "checks": _checks(assessment),
            "materials": describe_materials(application.case),
        }
        summary = _summary(application)
    person = application.person
    return FilingDraft(
        content=content,
        summary=summary,
        subject=person.name,
        subject_key=identity_key(person.number),
        # A return that changes what is asked for goes through all offices again.
        entitlement={"category": application.category.code if application.category else "", "level": application.level},
    )


def _checks(assessment: Assessment) -> list[dict[str, Any]]:
    return [
        {"key": c.rule, "rule": c.label, "passed": c.passed, "reason": c.reason, "clause": c.basis}
        for c in assessment.checks
    ]


def _summary(application: CardApplication) -> dict[str, Any]:
    """What lists show (spec 4.8); ``specialist`` changes with the bureau's choice."""
    person, unit = application.person, application.case.unit
    return {
        "id_masked": mask_number(person.number),
        "tail_key": tail_key(person.number),
        "sex": SEX.label(person.sex),
        "card_level": application.level,
        "category": application.category.name if application.category else "",
        "position": application.position,
        "unit": unit.name if unit else "",
        "county": application.case.region.name,
    } | contact_of(application.specialist)


def build_sections(application: CardApplication) -> list[Section]:
    """The form in the order of the paper; labels in the language in force."""
    person = application.person
    return [
        _personal(application),
        table(
            "studies",
            _("Education and degrees"),
            _study_columns(),
            [_study(study) for study in person.educations.all()],
        ),
        _work(application),
        table("works", _("Work experience"), _job_columns(), [_job(work) for work in person.work_experiences.all()]),
        _category(application),
        table("honours", _("Honours and awards"), _honour_columns(), [_honour(one) for one in person.honours.all()]),
        table(
            "projects", _("Projects and patents"), _project_columns(), [_project(one) for one in person.projects.all()]
        ),
        table("family", _("Family members"), _family_columns(), [_member(one) for one in person.family.all()]),
        # Nobody is asked to correct these.
        _specialist(application) | {"is_fixed": True},
        section("pledge", _("Pledge"), row("pledged", _("Pledge of truthfulness"), application.pledged))
        | {"is_fixed": True},
    ]


def table(key: str, title: str, columns: list[str], rows: list[Row]) -> Section:
    """A list: each row says in one line what its cells say; the printed form has the columns."""
    for number, line in enumerate(rows, start=1):
        line["label"] = f"{title} {number}"
    return section(key, title, *rows) | {"columns": columns}


def line_of(key: str, *cells: str, full: tuple[str, ...] = ()) -> Row:
    """``full``: the cells as their owner and the offices in charge see them, where some of them are masked."""
    line = row(key, "", " · ".join(cell for cell in cells if cell)) | {"cells": list(cells)}
    if full:
        line |= {"kind": "secret", "full": " · ".join(cell for cell in full if cell), "full_cells": list(full)}
    return line


def _personal(application: CardApplication) -> Section:
    person, profile = application.person, profile_of(application.person)
    return section(
        "personal",
        _("Basic information"),
        row("name", _("Chinese name"), person.name),
        row("name_latin", _("Name in Latin letters"), profile.name_latin),
        row("former_name", _("Former name"), profile.former_name),
        row("sex", _("Sex"), SEX.label(person.sex)),
        row("nationality", _("Nationality or region"), NATIONALITY.label(profile.nationality)),
        row("birth", _("Date of birth"), person.birth_date, "date"),
        row("ethnic", _("Ethnic group"), ETHNIC.label(person.ethnic) if person.ethnic else ""),
        row("political", _("Political status"), POLITICAL.label(person.political) if person.political else ""),
        row("document_kind", _("Kind of document"), DOCUMENT_KINDS.label(person.document_kind)),
        doubted(
            secret("number", _("Document number"), person.number, mask_number(person.number)),
            document_warning(person.document_kind, person.number),
        ),
        secret("phone", _("Telephone"), person.phone, mask_phone(person.phone)),
        row("email", _("E-mail"), person.email),
        secret("address", _("Present address"), profile.address, mask_address(profile.address)),
        row("household", _("Place of household registration"), person.household.name if person.household else ""),
        row("title", _("Professional title"), _graded(profile.title_name, profile.title_level, TITLE_LEVEL)),
        row("skill", _("Vocational qualification"), _graded(profile.skill_name, profile.skill_level, SKILL_LEVEL)),
    )


def _graded(name: str, level: str, levels: Any) -> str:
    return " · ".join(part for part in (name, levels.label(level) if level else "") if part)


def _work(application: CardApplication) -> Section:
    unit, kind = application.case.unit, application.contract_kind
    return section(
        "work",
        _("Present work"),
        row("unit", _("Employer"), unit.name if unit else ""),
        row("department", _("Department"), application.department),
        row("position", _("Position held"), application.position),
        row("arrival", _("Way of recruitment"), Arrival(application.arrival).label if application.arrival else ""),
        row("arrived_on", _("Came to this city on"), application.arrived_on, "date"),
        row("contract_kind", _("Kind of labour contract"), CONTRACT_KIND.label(kind) if kind else ""),
        row("contract_start", _("Labour contract from"), application.contract_start, "date"),
        row("contract_end", _("Labour contract until"), application.contract_end, "date"),
        secret("salary", _("Yearly salary (10,000 yuan)"), application.salary, "***" if application.salary else ""),
        row("insured_from", _("Social insurance from"), application.insured_from, "month"),
    )


def _category(application: CardApplication) -> Section:
    category, level = application.category, application.level
    return section(
        "category",
        _("Category of talent"),
        row("category", _("Category of application"), str(category).partition(" · ")[2] if category else ""),
        row("level", _("Type of card applied for"), CardLevel(level).label if level else ""),
        row("evidence", _("Document or certificate that proves it"), application.evidence),
        row("achievements", _("Main achievements"), application.achievements),
    )


def _specialist(application: CardApplication) -> Section:
    contact = contact_of(application.specialist)
    return section(
        "specialist",
        _("Service specialist"),
        row("specialist", _("Name of the service specialist"), contact["specialist"]),
        row("specialist_phone", _("Telephone of the service specialist"), contact["specialist_phone"]),
    )


def _yes(answer: bool) -> str:
    return _("Yes") if answer else ""


def _study_columns() -> list[str]:
    return [_("Education"), _("Academic degree"), _("School"), _("Field of study"), _("Enrolled and graduated"),
            _("Full-time study"), _("Double first-class"), _("Number of the certificate")]  # fmt: skip


def _study(study: Education) -> Row:
    certificate = study.foreign_certificate or study.certificate_number
    number = " / ".join(part for part in (certificate, study.degree_number) if part)
    graduated = f"{study.graduated_on:%Y-%m}"
    period = f"{study.enrolled_on:%Y-%m} – {graduated}" if study.enrolled_on else graduated
    degree = DEGREE.label(study.degree) if study.degree else ""
    return line_of(
        f"study_{study.pk}", EDUCATION.label(study.level), degree, study.school, study.major,
        period, _("Full-time") if study.full_time else _("Part-time"),
        pgettext("study", "Double first-class") if study.double_first_class else "", number,
    )  # fmt: skip


def _job_columns() -> list[str]:
    return [_("From"), _("Until"), _("Employer"), _("Position")]


def _job(work: WorkExperience) -> Row:
    until = f"{work.left_on:%Y-%m}" if work.left_on else _("today")
    return line_of(f"work_{work.pk}", f"{work.joined_on:%Y-%m}", until, work.unit_name, work.position)


def _honour_columns() -> list[str]:
    return [_("Honour or award"), _("Grade"), _("Awarded by"), _("Awarded on"), _("Class and place")]


def _honour(one: Honour) -> Row:
    day = f"{one.received_on:%Y-%m}"
    return line_of(f"honour_{one.pk}", one.name, str(Grade(one.grade).label), one.issuer, day, one.rank)


def _project_columns() -> list[str]:
    return [_("Kind of result"), _("Title of the result"), _("Number of the result"), _("Own part"), _("Finished on")]


def _project(one: Project) -> Row:
    kind, day = str(ProjectKind(one.kind).label), f"{one.finished_on:%Y-%m}"
    return line_of(f"project_{one.pk}", kind, one.name, one.number, one.part, day)


def _family_columns() -> list[str]:
    return [_("Relation"), _("Name"), _("Document number"), _("Employer or school")]


def _member(one: FamilyMember) -> Row:
    relation = str(Relation(one.relation).label)
    shown = (relation, one.name, mask_number(one.number) if one.number else "", one.workplace)
    return line_of(f"family_{one.pk}", *shown, full=(relation, one.name, one.number, one.workplace))
