"""The form as filed: sections with Chinese labels, the checks, the papers, and what lists show of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from subsidies.eligibility import Assessment, Known
from subsidies.facts import Entitlement
from subsidies.models import RentApplication
from talent.models import Education, WorkExperience
from workflow.codelists import (
    CONTRACT_KIND,
    DEGREE,
    DOCUMENT_KINDS,
    EDUCATION,
    ETHNIC,
    MARITAL,
    POLITICAL,
    SEX,
    UNIT_KIND,
)
from workflow.doubts import doubted
from workflow.identifiers import bank_account_warning, document_warning, resident_id_warning
from workflow.lookup_keys import identity_key, tail_key
from workflow.masking import mask_account, mask_address, mask_number, mask_phone
from workflow.rmb import capital_amount
from workflow.sections import Section, row, secret, section
from workflow.services.filings import FilingDraft
from workflow.services.materials import describe_materials

CHINESE = "zh-hans"


def build_filing(application: RentApplication, known: Known, judged: Assessment | None = None) -> FilingDraft:
    """What is frozen by a submission; always in Chinese, whatever language the page is in.

    ``judged``: what the rules have said of it just now, in the language of the page.
    """
    is_chinese = translation.get_language() == CHINESE
    with translation.override(CHINESE):
        assessment = judged if judged is not None and is_chinese else known.judge()
        sections = build_sections(application, known.work, assessment.entitlement)
        checks = _checks(assessment)
        materials = describe_materials(application.case)
    person, result = application.person, assessment.entitlement
    return FilingDraft(
        content={"sections": sections, "checks": checks, "materials": materials},
        summary=_summary(application, result),
        subject=person.name,
        subject_key=identity_key(person.number),
        entitlement=_entitlement(application, result),
        amount=result.total,
    )


def _checks(assessment: Assessment) -> list[dict[str, Any]]:
    return [
        {"key": c.rule, "rule": c.label, "passed": c.passed, "reason": c.reason, "clause": c.basis}
        for c in assessment.checks
    ]


def _summary(application: RentApplication, result: Entitlement) -> dict[str, Any]:
    person, education, unit = application.person, application.education, application.case.unit
    level = education.level if education else ""
    return {
        "id_masked": mask_number(person.number),
        "tail_key": tail_key(person.number),
        "degree": application.programme.terms.level_names.get(level, ""),
        "degree_code": level,
        "intake": application.intake_id or "",
        "start": f"{application.start:%Y-%m}" if application.start else "",
        "end": f"{application.end:%Y-%m}" if application.end else "",
        "month_list": [f"{month:%Y-%m}" for month in result.months],
        "months": len(result.months),
        "standard": str(result.standard),
        "total": str(result.total),
        "unit": unit.name if unit else "",
        "county": application.case.region.name,
    }


def _entitlement(application: RentApplication, result: Entitlement) -> dict[str, Any]:
    return {
        "months": [f"{month:%Y-%m}" for month in result.months],
        "standard": str(result.standard),
        "amount": str(result.total),
        "category": application.education.level if application.education else "",
        "start": f"{application.start:%Y-%m}" if application.start else "",
        "end": f"{application.end:%Y-%m}" if application.end else "",
    }


def build_sections(application: RentApplication, work: WorkExperience | None, result: Entitlement) -> list[Section]:
    """The form in the order of 《大学生租房补助申请表》; labels in the language in force."""
    return [
        _personal(application),
        _education(application.education),
        _employment(application, work),
        _housing(application),
        _subsidy(application, result),
        _account(application),
    ]


def _personal(application: RentApplication) -> Section:
    person = application.person
    return section(
        "personal",
        _("Personal details"),
        row("name", _("Name"), person.name),
        row("sex", _("Sex"), SEX.label(person.sex)),
        row("birth", _("Born in"), person.birth_date, "month"),
        row("ethnic", _("Ethnic group"), ETHNIC.label(person.ethnic) if person.ethnic else ""),
        row("political", _("Political status"), POLITICAL.label(person.political) if person.political else ""),
        row("document_kind", _("Kind of document"), DOCUMENT_KINDS.label(person.document_kind)),
        doubted(
            secret("number", _("Document number"), person.number, mask_number(person.number)),
            document_warning(person.document_kind, person.number),
        ),
        row("household", _("Place of household registration"), person.household.name if person.household else ""),
        secret("phone", _("Telephone"), person.phone, mask_phone(person.phone)),
    )


def _education(education: Education | None) -> Section:
    title = _("Education")
    if education is None:
        return section("education", title)
    return section(
        "education",
        title,
        row("level", _("Level of education"), EDUCATION.label(education.level)),
        row("degree", _("Academic degree"), DEGREE.label(education.degree) if education.degree else ""),
        row("school", _("School"), education.school),
        row("major", _("Field of study"), education.major),
        row("graduated_on", _("Graduated on"), education.graduated_on, "date"),
        row("full_time", _("Full-time study"), education.full_time),
        row("double_first_class", _("Double first-class"), education.double_first_class),
        row("certificate_number", _("Number of the graduation certificate"), education.certificate_number),
        row("chsi_code", _("CHSI verification code"), education.chsi_code),
        row("foreign_certificate", _("Certification of a foreign degree"), education.foreign_certificate),
    )


def _employment(application: RentApplication, work: WorkExperience | None) -> Section:
    unit = application.case.unit
    kind = unit.profile.unit_kind if unit is not None and hasattr(unit, "profile") else ""
    contract = CONTRACT_KIND.label(work.contract_kind) if work is not None and work.contract_kind else ""
    return section(
        "employment",
        _("Employment"),
        row("unit", _("Employer"), unit.name if unit else ""),
        row("unit_kind", _("Kind of employer"), UNIT_KIND.label(kind) if kind else ""),
        row("position", _("Position"), work.position if work else ""),
        row("came_on", _("First employed in this city on"), application.came_on, "date"),
        row("contract_kind", _("Kind of labour contract"), contract),
        row("contract_start", _("Labour contract from"), work.contract_start if work else None, "date"),
        row("contract_end", _("Labour contract until"), _contract_end(work), "date"),
        row("insured_from", _("Social insurance first paid in"), application.insured_from, "month"),
        row("insured_months", _("Months paid without a break"), application.insured_months, "number"),
    )


def _contract_end(work: WorkExperience | None) -> date | str | None:
    if work is None:
        return None
    return _("Open-ended") if work.is_open_ended else work.contract_end


def _housing(application: RentApplication) -> Section:
    spouse_number = application.spouse_number
    spouse = (
        row("spouse_name", _("Name of the spouse"), application.spouse_name),
        doubted(
            secret("spouse_number", _("ID number of the spouse"), spouse_number, mask_number(spouse_number)),
            resident_id_warning(spouse_number) if spouse_number else None,
        ),
        row("spouse_unit", _("Employer of the spouse"), application.spouse_unit),
    )
    number, phone = application.landlord_number, application.landlord_phone
    return section(
        "housing",
        _("Housing"),
        row("owns_house", _("Own home in this city (yours or your spouse's)"), _owned(application.owns_house)),
        row("marital", _("Marital status"), MARITAL.label(application.marital) if application.marital else ""),
        *(spouse if application.is_married else ()),
        row("enjoyed_other", _("Other housing support enjoyed"), application.enjoyed_other),
        secret("address", _("Rented address"), application.address, mask_address(application.address)),
        row("landlord_name", _("Name of the landlord"), application.landlord_name),
        doubted(
            secret("landlord_number", _("ID number of the landlord"), number, mask_number(number) if number else ""),
            resident_id_warning(number) if number else None,
        ),
        secret("landlord_phone", _("Telephone of the landlord"), phone, mask_phone(phone) if phone else ""),
        row("lease_start", _("Lease from"), application.lease_start, "date"),
        row("lease_end", _("Lease until"), application.lease_end, "date"),
        row("monthly_rent", _("Monthly rent"), application.monthly_rent, "money"),
        row("lease_recorded", _("Lease recorded with the housing authority"), application.lease_recorded),
    )


def _owned(answer: bool | None) -> str | None:
    """The question is 有无, so is its answer."""
    return None if answer is None else "有" if answer else "无"


def _subsidy(application: RentApplication, result: Entitlement) -> Section:
    return section(
        "subsidy",
        _("Subsidy"),
        row("start", _("Subsidy from (month)"), application.start, "month"),
        row("end", _("Subsidy until (month)"), application.end, "month"),
        row("months", _("Months of subsidy"), len(result.months), "number"),
        row("standard", _("Standard"), result.standard, "money"),
        row("total", _("Total amount"), result.total, "money"),
        row("capital", _("In capital numerals"), capitals(result.total)),
        row("used", _("Months enjoyed before"), result.used, "number"),
        row("remaining", _("Months left before this one"), result.remaining, "number"),
    )


def capitals(amount: Decimal) -> str:
    return capital_amount(amount) if amount > 0 else ""


def _account(application: RentApplication) -> Section:
    account = application.account
    return section(
        "account",
        _("Bank account"),
        row("account_holder", _("Account holder"), application.account_holder),
        row("bank", _("Bank"), application.bank),
        row("branch", _("Branch"), application.branch),
        doubted(
            secret("account", _("Account number"), account, mask_account(account)),
            bank_account_warning(account) if account else None,
        ),
        row("social_card", _("Financial account of the social security card"), application.social_card),
        row("pledged", _("Pledge of truthfulness"), application.pledged),
    )
