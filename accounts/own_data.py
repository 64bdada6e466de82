"""What accounts themselves hold about somebody, as 我的信息 shows and exports it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.browsers import browser_name, mask_network_address
from accounts.data_sections import DataSection, Fact, Group, facts_of, register_data_section
from accounts.enums import UserKind
from accounts.models import (
    Consent,
    DataRequest,
    MailMessage,
    Notification,
    PersonRegistration,
    SignIn,
    StatedPerson,
    StatedUnit,
    TextMessage,
    UnitProfile,
    User,
    Verification,
)
from accounts.models.person import Identity
from accounts.services.wordings import kind_shown, text_shown
from workflow import clock, registry
from workflow.codelists import DEGREE, DOCUMENT_KINDS, EDUCATION, ETHNIC, POLITICAL, SEX
from workflow.masking import mask_address, mask_mail, mask_number, mask_phone
from workflow.models import Case, CaseEvent, Duty, Filing, Material
from workflow.presentation.times import day_text, minute_text, text_of
from workflow.services.words import opinion_of


def account(user: User) -> Iterator[Group]:
    yield Group(
        user.username,
        facts_of(
            (_("User name"), user.username),
            (_("Full name"), user.name),
            (_("Kind of account"), user.get_kind_display()),
            (_("Mobile number"), user.phone, mask_phone(user.phone)),
            (_("E-mail"), user.email, mask_mail(user.email)),
            (_("Real-name level"), user.get_real_name_level_display()),
            (_("Registered at"), minute_text(user.date_joined)),
        ),
    )


def identity(user: User) -> Iterator[Group]:
    if user.person is not None:
        employer = user.person.unit.name if user.person.unit is not None else ""
        yield Group(
            _("Confirmed identity"), [*_identity_facts(user.person), *facts_of((_("Name of the employer"), employer))]
        )
    stated = StatedPerson.objects.filter(user=user).first()
    if stated is not None:
        yield Group(_("As stated at registration"), _identity_facts(stated))
    for registration in PersonRegistration.objects.filter(case__applicant=user).select_related("case", "unit"):
        yield Group(
            _("Personal registration %(number)s") % {"number": registration.case},
            [*_identity_facts(registration), *_registered_study(registration)],
        )


def _identity_facts(row: Identity) -> list[Fact]:
    return facts_of(
        (_("Name"), row.name),
        (_("Name in a foreign language"), row.foreign_name),
        (_("Kind of document"), DOCUMENT_KINDS.label(row.document_kind)),
        (_("Document number"), row.number, mask_number(row.number)),
        (_("Mobile number"), row.phone, mask_phone(row.phone)),
        (_("Date of birth"), day_text(row.birth_date)),
        (_("Sex"), SEX.label(row.sex) if row.sex != "0" else ""),
        (_("Ethnic group"), ETHNIC.label(row.ethnic) if row.ethnic else ""),
        (_("Political status"), POLITICAL.label(row.political) if row.political else ""),
        (_("E-mail"), row.email, mask_mail(row.email)),
    )


def _registered_study(row: PersonRegistration) -> list[Fact]:
    return facts_of(
        (_("Name of the employer"), row.unit.name),
        (_("Joined the employer on"), day_text(row.hired_on)),
        (_("Education"), EDUCATION.label(row.education)),
        (_("Academic degree"), DEGREE.label(row.degree) if row.degree else ""),
        (_("School"), row.school),
        (_("Field of study"), row.major),
        (_("Graduated on"), day_text(row.graduated_on)),
        (_("Number of the graduation certificate"), row.certificate_number),
    )


def employer(user: User) -> Iterator[Group]:
    """Of whoever acts for one."""
    stated = StatedUnit.objects.filter(user=user).select_related("region").first()
    if stated is not None:
        yield Group(_("As stated at registration"), _stated_unit(stated))
    lasting = set(Duty.objects.on(clock.today()).filter(user=user).values_list("pk", flat=True))
    for duty in user.duties.select_related("organisation").order_by("-id"):
        # Of an employer for which somebody acts no longer, that they did is theirs, and nothing else.
        is_theirs = duty.pk in lasting
        profile = UnitProfile.objects.filter(organisation=duty.organisation).first() if is_theirs else None
        facts = facts_of(
            (_("Name of the employer"), duty.organisation.name),
            (_("Duty from"), day_text(duty.starts_on)),
            (_("Duty until"), day_text(duty.ends_on)),
        )
        yield Group(duty.organisation.name, [*facts, *(_profile(profile) if profile is not None else [])])


def _stated_unit(row: StatedUnit) -> list[Fact]:
    return facts_of(
        (_("Name of the employer"), row.name),
        (_("Unified social credit code"), row.uscc),
        (_("Legal representative"), row.principal),
        (_("Document number of the legal representative"), row.principal_number, mask_number(row.principal_number)),
        (_("Person in charge"), row.agent),
        (_("ID number of the person in charge"), row.agent_number, mask_number(row.agent_number)),
        (_("Registered address"), row.address, mask_address(row.address)),
    )


def _profile(row: UnitProfile) -> list[Fact]:
    return facts_of(
        (_("Unified social credit code"), row.uscc),
        (_("Head of the employer"), row.principal),
        (_("Telephone of the head"), row.principal_phone, mask_phone(row.principal_phone)),
        (_("Registered or business address"), row.address, mask_address(row.address)),
    )


def cases(user: User) -> Iterator[Group]:
    """Each with its forms as they were filed, and what the offices wrote."""
    for case in Case.objects.filter(applicant=user).order_by("-pk").iterator():
        kind = registry.case_types.get(case.case_type)
        facts = facts_of(
            (_("Case number"), case.number),
            (_("Service"), kind.label if kind is not None else case.case_type),
            (_("Status"), case.status),
            (_("Begun at"), minute_text(case.created_at)),
            (_("Amount"), text_of(case.amount, "money")),
        )
        yield Group(str(case), [*facts, *_filed(case), *_opinions(case)])


def _filed(case: Case) -> Iterator[Fact]:
    filing = Filing.objects.filter(case=case).order_by("-number").first()
    for section in filing.content.get("sections", []) if filing is not None else []:
        for row in section["rows"]:
            value = text_of(row.get("value"), row.get("kind", "text"))
            if value:
                yield Fact(row["label"], str(row.get("full") or value), value if row.get("full") else "")


def _opinions(case: Case) -> Iterator[Fact]:
    for event in CaseEvent.objects.filter(case=case).exclude(opinion_digest="").order_by("seq"):
        yield Fact(_("Opinion of an office, %(day)s") % {"day": day_text(event.at)}, opinion_of(event))


def papers(user: User) -> Iterator[Group]:
    for paper in own_papers(user).iterator():
        yield Group(
            paper.name,
            facts_of(
                (_("File"), paper.name),
                (_("Uploaded at"), minute_text(paper.uploaded_at)),
                (_("Case"), str(paper.case) if paper.case is not None else ""),
                (_("Checksum (SHA-256)"), paper.sha256),
            ),
        )


def own_papers(user: User) -> QuerySet[Material]:
    """The account's own, and those of its cases; what was put aside is evidence of a filing, and held too."""
    found = Material.objects.filter(owner=user) | Material.objects.filter(case__applicant=user)
    return found.select_related("case").order_by("-pk")


def consents(user: User) -> Iterator[Group]:
    rows = Consent.objects.filter(user=user).select_related("terms").prefetch_related("withdrawals").order_by("-pk")
    for row in rows:
        withdrawn = [f"{minute_text(one.at)}" for one in row.withdrawals.all()]
        yield Group(
            row.terms.title,
            facts_of(
                (_("Text"), row.terms.title),
                (_("Version"), row.terms.version),
                (_("Agreed at"), minute_text(row.given_at)),
                (_("Withdrawn at"), "; ".join(withdrawn)),
            ),
        )


def verifications(user: User) -> Iterator[Group]:
    for row in Verification.objects.filter(user=user).order_by("-pk"):
        facts = facts_of(
            (_("Date and time"), minute_text(row.at)),
            (_("Outcome of the check"), row.get_outcome_display()),
            (_("Real-name level"), row.get_level_display()),
            (_("Reason"), row.reason),
        )
        yield Group(minute_text(row.at), facts)


def sign_ins(user: User) -> Iterator[Group]:
    for row in SignIn.objects.of(user.pk).iterator():
        yield Group(
            minute_text(row.at),
            facts_of(
                (_("Date and time"), minute_text(row.at)),
                (_("Way"), row.get_way_display()),
                (_("Outcome"), row.get_outcome_display()),
                (_("Network address"), row.address, mask_network_address(row.address)),
                (_("Browser"), row.agent, browser_name(row.agent) or _("Unknown browser")),
            ),
        )


def messages(user: User) -> Iterator[Group]:
    for row in Notification.objects.station().of(user.pk).iterator():
        yield Group(row.title, facts_of((_("Date and time"), minute_text(row.created_at)), (_("Text"), row.body)))


def sent_messages(user: User) -> Iterator[Group]:
    """Codes and links are gone once they are sent, other words days later; that they were, and where to, is kept."""
    for text in TextMessage.objects.filter(user=user).order_by("-pk").iterator():
        yield _sent(text, text.phone, text.phone_masked)
    for mail in MailMessage.objects.filter(user=user).order_by("-pk").iterator():
        yield _sent(mail, mail.address, mail.address_masked)


def _sent(row: TextMessage | MailMessage, target: str, masked: str) -> Group:
    facts = facts_of(
        (_("Date and time"), minute_text(row.created_at)),
        (_("Kind of message"), kind_shown(row.template)),
        (_("Sent to"), target, masked),
        (_("State"), row.get_state_display()),
        (_("Text"), text_shown(row)),
    )
    return Group(minute_text(row.created_at), facts)


def requests(user: User) -> Iterator[Group]:
    for row in DataRequest.objects.of(user.pk):
        facts = facts_of(
            (_("Kind of request"), row.get_kind_display()),
            (_("What is asked for"), row.wish),
            (_("Asked at"), minute_text(row.asked_at)),
            (_("State"), row.get_state_display()),
            (_("Answer"), row.answer),
        )
        yield Group(minute_text(row.asked_at), facts)


def has_own_data(user: object) -> bool:
    """Persons and employers; what officers do is the office's record."""
    return isinstance(user, User) and user.kind in (UserKind.PERSON, UserKind.UNIT)


for _section in (
    DataSection("account", gettext_lazy("This account"), account, change_url="accounts:account", order=10),
    DataSection("identity", gettext_lazy("Identity"), identity, on_request=True, order=20),
    DataSection("verifications", gettext_lazy("Checks of the real name"), verifications, order=25),
    DataSection(
        "employer", gettext_lazy("Employer details"), employer, on_request=True, kinds=(UserKind.UNIT,), order=30
    ),
    DataSection("cases", gettext_lazy("Cases of mine"), cases, on_request=True, order=60),
    DataSection("papers", gettext_lazy("Papers"), papers, order=70),
    DataSection("consents", gettext_lazy("Consents"), consents, order=80),
    DataSection("sign_ins", gettext_lazy("Sign-ins"), sign_ins, order=90),
    DataSection("messages", gettext_lazy("Messages"), messages, order=100),
    DataSection("sent", gettext_lazy("Text messages and e-mails"), sent_messages, order=110),
    DataSection("requests", gettext_lazy("Requests about own data"), requests, order=120),
):
    register_data_section(_section)
