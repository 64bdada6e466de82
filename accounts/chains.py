"""The chains of both registrations, their lists and papers, and the menu entries of the floor."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts import (
    administrators,
    change_chains,
    claim_messages,
    consistency,
    counter_menu,
    data_rights,
    delivery,
    effects,
    links,
    real_name,
    seeds,
    unit_reminders,
)
from accounts.models import PersonRegistration
from accounts.models.person import FOREIGN_DOCUMENTS
from accounts.services import (
    codes,
    expiry,
    identity_links,
    limits,
    mail_sending,
    one_time_links,
    security_notices,
    sessions,
    sms_sending,
)
from accounts.unit_variants import variant_of
from workflow.actors import Actor
from workflow.chain_specs import ChainSpec, StageSpec, register_chain
from workflow.enums import PERSON, Action, OrganisationKind
from workflow.filetypes import PAPERS
from workflow.models import Case
from workflow.navigation import register_page
from workflow.registry import CaseType, Column, MaterialRule, register_case_type

# These modules register gates, effects, links, seeds, the deliverer, the senders and the timers.
__all__ = [
    "administrators", "change_chains", "claim_messages", "codes", "consistency", "counter_menu", "data_rights",
    "delivery", "effects", "expiry", "identity_links", "limits", "links", "mail_sending", "one_time_links",
    "real_name", "security_notices", "seeds", "sessions", "sms_sending", "unit_reminders",
]  # fmt: skip

PERSON_PAPERS = (
    MaterialRule("id_card", _("ID card"), required=True, hint=_("Both sides."), kinds=PAPERS),
    MaterialRule("diploma", _("Graduation certificate"), required=True, kinds=PAPERS),
    MaterialRule("degree_certificate", _("Degree certificate"), kinds=PAPERS),
    MaterialRule("labour_contract", _("Labour contract"), required=True, kinds=PAPERS),
)
PASSPORT = MaterialRule(
    "id_card",
    _("Proof of identity"),
    required=True,
    hint=_("The page of the passport with the photo, or both sides of the permanent resident card."),
    kinds=PAPERS,
)


def _unit_papers(case: Case) -> Sequence[MaterialRule]:
    return variant_of(case).papers


def _person_papers(case: Case) -> Sequence[MaterialRule]:
    registration = PersonRegistration.objects.filter(case=case).only("document_kind").first()
    if registration is not None and registration.document_kind in FOREIGN_DOCUMENTS:
        return (PASSPORT, *PERSON_PAPERS[1:])
    return PERSON_PAPERS


register_case_type(
    CaseType(
        key="unit_registration",
        label=_("Employer registration"),
        code="DWZ",
        columns=(
            Column("subject", _("Name of the employer")),
            Column("uscc", _("Unified social credit code")),
            Column("supervisor", _("Supervising department")),
            Column("contact", _("Contact person")),
            Column("phone_masked", _("Mobile number")),
            Column("submitted_at", _("Submitted at"), "date"),
        ),
        edit_url="accounts:registration_edit",
        materials=_unit_papers,
        gates={Action.SUBMIT: ("workflow.materials_complete",), Action.TAKE_BACK: ("accounts.unit_unused",)},
        effects={Action.TAKE_BACK: ("accounts.close_unit",), Action.WITHDRAW: ("accounts.end_registration",)},
    )
)
register_chain(
    ChainSpec(
        case_type="unit_registration",
        stages=(
            StageSpec(
                slug="county_hr",
                actor_kind=OrganisationKind.COUNTY_HR,
                label="待县区人社局审核",
                label_en="Waiting for the county HR bureau",
                step="县区人社局审核",
                step_en="Review by the county HR bureau",
                forward="审核通过",
                forward_en="Approve",
                working_days=5,
                menu="单位注册审核",
                menu_en="Review of employer registrations",
                todo="您有【{count}】个单位注册申请待审核",
                todo_en="{count} employer registrations wait for your review",
                effects=("accounts.open_unit",),
                returns_to=(PERSON,),
            ),
        ),
    )
)

register_case_type(
    CaseType(
        key="person_registration",
        label=_("Personal registration"),
        code="GRZ",
        columns=(
            Column("account", _("Account name")),
            Column("subject", _("Name")),
            Column("id_kind", _("Kind of document")),
            Column("id_masked", _("Document number")),
            Column("phone_masked", _("Mobile number")),
            Column("registered", _("Registered at"), "date"),
        ),
        edit_url="accounts:registration_edit",
        materials=_person_papers,
        gates={Action.SUBMIT: ("workflow.materials_complete",), Action.TAKE_BACK: ("accounts.person_unused",)},
        effects={Action.TAKE_BACK: ("accounts.close_person",), Action.WITHDRAW: ("accounts.end_registration",)},
    )
)
register_chain(
    ChainSpec(
        case_type="person_registration",
        stages=(
            StageSpec(
                slug="unit",
                actor_kind=OrganisationKind.UNIT,
                label="待单位审核",
                label_en="Waiting for the employer",
                step="单位审核",
                step_en="Review by the employer",
                forward="审核通过",
                forward_en="Approve",
                working_days=5,
                menu="个人注册审核",
                menu_en="Review of personal registrations",
                todo="您有【{count}】个个人注册账号待审核",
                todo_en="{count} personal accounts wait for your review",
                effects=("accounts.open_person",),
                returns_to=(PERSON,),
            ),
        ),
    )
)


def _is_unit(actor: Actor) -> bool:
    return actor.is_unit


register_page(_("Information upkeep"), _("Employer information"), "accounts:unit_info", visible=_is_unit, order=310)
