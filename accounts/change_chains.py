"""The chains of both changes of registered facts, their lists and papers, and the menu entries beside them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts import change_effects
from accounts.services import closing, unit_notices
from workflow.actors import Actor
from workflow.chain_specs import ChainSpec, StageSpec, register_chain
from workflow.enums import PERSON, Action, OrganisationKind
from workflow.filetypes import PAPERS
from workflow.models import Case
from workflow.navigation import register_page
from workflow.registry import CaseType, Column, MaterialRule, register_case_type

# These modules register gates, effects, bars against closing and messages.
__all__ = ["change_effects", "closing", "unit_notices"]

UNIT_PAPERS = (
    MaterialRule(
        "business_licence",
        _("Business licence"),
        required=True,
        hint=_("The new one, with what has changed."),
        kinds=PAPERS,
    ),
    MaterialRule("other", _("Other material")),
)
TRANSFER_PAPERS = (
    MaterialRule(
        "labour_contract", _("Labour contract"), required=True, hint=_("With the new employer."), kinds=PAPERS
    ),
    MaterialRule("other", _("Other material")),
)


def _unit_papers(case: Case) -> Sequence[MaterialRule]:
    return UNIT_PAPERS


def _transfer_papers(case: Case) -> Sequence[MaterialRule]:
    return TRANSFER_PAPERS


register_case_type(
    CaseType(
        key="unit_change",
        label=_("Change of the employer's registration"),
        code="DWB",
        columns=(
            Column("subject", _("Name of the employer")),
            Column("old_name", _("Name before")),
            Column("uscc", _("Unified social credit code")),
            Column("old_uscc", _("Code before")),
            Column("supervisor", _("Supervising department")),
            Column("submitted_at", _("Submitted at"), "date"),
        ),
        edit_url="accounts:unit_change_edit",
        by_unit=True,
        materials=_unit_papers,
        gates={Action.SUBMIT: ("workflow.materials_complete", "accounts.unit_change_free")},
        effects={Action.WITHDRAW: ("accounts.end_unit_change",), Action.REJECT: ("accounts.end_unit_change",)},
    )
)
register_chain(
    ChainSpec(
        case_type="unit_change",
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
                rejection="不予通过",
                rejection_en="Not approved",
                working_days=5,
                menu="单位变更审核",
                menu_en="Review of employers' changes",
                todo="您有【{count}】个单位变更申请待审核",
                todo_en="{count} employers' changes wait for your review",
                gates=("accounts.unit_change_free",),
                effects=("accounts.apply_unit_change",),
                returns_to=(PERSON,),
                may_reject=True,
            ),
        ),
    )
)

register_case_type(
    CaseType(
        key="unit_transfer",
        label=_("Change to another employer"),
        code="BDW",
        columns=(
            Column("account", _("Account name")),
            Column("subject", _("Name")),
            Column("id_kind", _("Kind of document")),
            Column("id_masked", _("Document number")),
            Column("phone_masked", _("Mobile number")),
            Column("old_unit", _("Present employer")),
        ),
        edit_url="accounts:unit_transfer_edit",
        materials=_transfer_papers,
        gates={Action.SUBMIT: ("workflow.materials_complete", "accounts.transfer_possible")},
        effects={Action.WITHDRAW: ("accounts.end_transfer",), Action.REJECT: ("accounts.end_transfer",)},
    )
)
register_chain(
    ChainSpec(
        case_type="unit_transfer",
        stages=(
            StageSpec(
                slug="unit",
                actor_kind=OrganisationKind.UNIT,
                label="待新单位审核",
                label_en="Waiting for the new employer",
                step="新单位审核",
                step_en="Review by the new employer",
                forward="审核通过",
                forward_en="Approve",
                rejection="不予通过",
                rejection_en="Not approved",
                working_days=5,
                menu="变更单位审核",
                menu_en="Review of persons who change employers",
                todo="您有【{count}】个变更单位申请待审核",
                todo_en="{count} persons want to change to your employer",
                gates=("accounts.transfer_possible",),
                effects=("accounts.apply_transfer",),
                returns_to=(PERSON,),
                may_reject=True,
            ),
        ),
    )
)


def _is_unit(actor: Actor) -> bool:
    return actor.is_unit


def _manages(actor: Actor) -> bool:
    return actor.manages


register_page(_("Information upkeep"), _("Account management"), "accounts:members", visible=_is_unit, order=320)
register_page(
    _("System administration"), _("Upkeep of the employer's data"), "accounts:unit_info", visible=_manages, order=400
)
register_page(
    _("System administration"), _("Users of the employer"), "accounts:unit_users", visible=_manages, order=410
)
