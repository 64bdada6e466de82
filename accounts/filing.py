"""The form as filed: what the reviewing office reads, with numbers masked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.enums import Affiliation
from accounts.models import PersonRegistration, UnitRegistration, User
from accounts.unit_variants import Variant, named_variant
from workflow import clock
from workflow.codelists import DEGREE, DOCUMENT_KINDS, EDUCATION, ETHNIC, INDUSTRY, POLITICAL, SEX, UNIT_KIND, CodeList
from workflow.doubts import doubted
from workflow.identifiers import document_warning, resident_id_warning, uscc_warning
from workflow.lookup_keys import tail_key
from workflow.masking import mask_number, mask_phone
from workflow.models import Case
from workflow.services.filings import FilingDraft
from workflow.services.materials import describe_materials

Row = dict[str, Any]
# Whatever the form asks for.
FILED_ALWAYS = ("username", "region", "supervisor")


def _row(key: str, label: str, value: object, kind: str = "text") -> Row:
    return {"key": key, "label": label, "value": "" if value is None else str(value), "kind": kind}


def _secret(key: str, label: str, value: str, masked: str) -> Row:
    """Pages show the mask; the comparison after a return sees by ``full`` what changed behind it."""
    return _row(key, label, masked, "secret") | {"full": value}


def _name(code_list: CodeList, code: str) -> str:
    return code_list.label_zh(code) if code else ""


def _section(key: str, title: str, rows: list[Row]) -> dict[str, Any]:
    return {"key": key, "title": title, "rows": rows}


@translation.override(settings.LANGUAGE_CODE)
def filing_of(case: Case) -> FilingDraft:
    """In Chinese, whatever the language of the page. Raises PersonRegistration.DoesNotExist for another case."""
    unit = UnitRegistration.objects.select_related("organisation__profile").filter(case=case).first()
    user = User.objects.get(pk=case.applicant_id)
    if unit is not None:
        return _unit_filing(case, unit, user)
    registration = PersonRegistration.objects.select_related("unit", "household").get(case=case)
    return _person_filing(case, registration, user)


def _unit_filing(case: Case, registration: UnitRegistration, user: User) -> FilingDraft:
    organisation = registration.organisation
    content = {
        "sections": [
            _section("account", _("Account information"), _contact_rows(registration, user)),
            _section("unit", _("Basic information"), _unit_rows(case, registration)),
        ],
        "materials": describe_materials(case),
    }
    summary = {
        "account": user.username,
        "uscc": organisation.code,
        "supervisor": str(case.supervisor),
        "contact": user.name,
        "phone_masked": mask_phone(user.phone),
    }
    return FilingDraft(content=content, summary=summary, subject=organisation.name)


def _contact_rows(registration: UnitRegistration, user: User) -> list[Row]:
    rows = [
        _row("username", _("User name"), user.username),
        _row("name", _("Name of the user"), user.name),
        _secret("phone", _("Mobile number"), user.phone, mask_phone(user.phone)),
        _row("email", _("E-mail"), user.email),
    ]
    return _as_asked(rows, named_variant(registration.variant))


def _unit_rows(case: Case, registration: UnitRegistration) -> list[Row]:
    organisation, profile = registration.organisation, registration.organisation.profile
    variant = named_variant(registration.variant)
    number = registration.contact_number
    rows = [
        _row("unit_name", _("Name of the employer"), organisation.name),
        _row("region", _("Administrative division"), case.region),
        _row("supervisor", _("Supervising department"), case.supervisor),
        doubted(_row("uscc", _("Unified social credit code"), organisation.code), uscc_warning(organisation.code)),
        _row("principal", _("Head of the employer"), profile.principal),
        _secret(
            "principal_phone", _("Telephone of the head"), profile.principal_phone, mask_phone(profile.principal_phone)
        ),
        doubted(
            _secret("number", _("ID number of the contact"), number, mask_number(number) if number else ""),
            resident_id_warning(number) if number else None,
        ),
        _row("unit_kind", _("Type of employer"), _name(UNIT_KIND, profile.unit_kind)),
        _row("industry", _("Industry"), _name(INDUSTRY, profile.industry)),
        _row("address", _("Registered or business address"), profile.address),
        _row("founded_on", _("Founded on"), profile.founded_on, "date"),
        _row("affiliation", _("Subordinate to"), Affiliation(profile.affiliation).label),
    ]
    return _as_asked(rows, variant)


def _as_asked(rows: list[Row], variant: Variant) -> list[Row]:
    """In the words of the form, and without what it does not ask for."""
    asked = {*variant.fields, *FILED_ALWAYS}
    kept = []
    for row in rows:
        name = "contact_number" if row["key"] == "number" else row["key"]
        if name in asked:
            kept.append(row | {"label": str(variant.labels.get(name, row["label"]))})
    return kept


def _person_filing(case: Case, registration: PersonRegistration, user: User) -> FilingDraft:
    content = {
        "sections": [
            _section("account", _("Account information"), _account_rows(registration, user)),
            _section("identity", _("Basic information"), _identity_rows(registration)),
            _section("study", _("Education and study"), _study_rows(registration)),
            _section(
                "work",
                _("Your employer"),
                [
                    _row("unit", _("Your employer"), registration.unit),
                    _row("hired_on", _("Joined the employer on"), registration.hired_on, "date"),
                ],
            ),
        ],
        "materials": describe_materials(case),
    }
    summary = {
        "account": user.username,
        "id_kind": _name(DOCUMENT_KINDS, registration.document_kind),
        "id_masked": mask_number(registration.number),
        "phone_masked": mask_phone(registration.phone),
        "registered": clock.local_date(case.created_at).isoformat(),
        "tail_key": tail_key(registration.number),
    }
    return FilingDraft(
        content=content, summary=summary, subject=registration.name, subject_key=registration.number_hash
    )


def _account_rows(registration: PersonRegistration, user: User) -> list[Row]:
    return [
        _row("username", _("User name"), user.username),
        _row("name", _("Name of the user"), registration.name),
        _secret("phone", _("Mobile number"), registration.phone, mask_phone(registration.phone)),
        _row("email", _("E-mail"), registration.email),
    ]


def _identity_rows(registration: PersonRegistration) -> list[Row]:
    foreign = registration.foreign_name
    return [
        *([_row("foreign_name", _("Name in a foreign language"), foreign)] if foreign else []),
        _row("document_kind", _("Kind of document"), _name(DOCUMENT_KINDS, registration.document_kind)),
        doubted(
            _secret("number", _("Document number"), registration.number, mask_number(registration.number)),
            document_warning(registration.document_kind, registration.number),
        ),
        _row("sex", _("Sex"), _name(SEX, registration.sex)),
        _row("birth_date", _("Date of birth"), registration.birth_date, "date"),
        _row("ethnic", _("Ethnic group"), _name(ETHNIC, registration.ethnic)),
        _row("political", _("Political status"), _name(POLITICAL, registration.political)),
        _row("household", _("Place of household registration"), registration.household),
    ]


def _study_rows(registration: PersonRegistration) -> list[Row]:
    return [
        _row("education", _("Education level"), _name(EDUCATION, registration.education)),
        _row("degree", _("Academic degree"), _name(DEGREE, registration.degree)),
        _row("school", _("School"), registration.school),
        _row("major", _("Field of study"), registration.major),
        _row("graduated_on", _("Graduated on"), registration.graduated_on, "date"),
        _row("full_time", _("Full-time study"), _("Yes") if registration.full_time else _("No")),
        _row("certificate_number", _("Number of the graduation certificate"), registration.certificate_number),
    ]
