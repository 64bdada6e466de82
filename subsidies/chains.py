"""大学生租房补助: its case type and its approval chain; what the stages name is registered by being imported here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.enums import RealNameLevel
from subsidies import consistency, effects, gates, menu, messages, months, office_forms, own_data, seeding
from subsidies.documents import lists, orders
from subsidies.documents.application_form import application_forms
from subsidies.enums import GRADUATE_RENT
from subsidies.materials import rent_materials
from subsidies.own_papers import RENT_PAPERS
from subsidies.services import bank_results
from subsidies.stages import STAGES
from workflow.chain_specs import ChainSpec, register_chain
from workflow.enums import Action
from workflow.registry import CaseType, Column, Document, register_case_type

# Importing them registers what the stages below name.
__all__ = [
    "bank_results",
    "consistency",
    "effects",
    "gates",
    "lists",
    "menu",
    "messages",
    "months",
    "office_forms",
    "orders",
    "own_data",
    "seeding",
]

register_case_type(
    CaseType(
        key=GRADUATE_RENT,
        label=_("Rent subsidy for graduates"),
        code="DZF",
        columns=(
            Column("subject", _("Name")),
            Column("id_masked", _("Identity number")),
            Column("degree", _("Degree")),
            Column("start", _("Subsidy from"), "month"),
            Column("months", _("Months of subsidy"), "number"),
            Column("standard", _("Standard"), "money"),
            Column("amount", _("Total amount"), "money"),
            Column("submitted_at", _("Reported at"), "date"),
        ),
        export_columns=(
            Column("end", _("Subsidy until"), "month"),
            Column("unit", _("Employer")),
            Column("county", _("County")),
        ),
        edit_url="subsidies:rent_edit",
        materials=rent_materials,
        own_papers=RENT_PAPERS,
        gates={
            Action.SUBMIT: ("accounts.real_name", "workflow.materials_complete", "subsidies.eligible"),
            Action.TAKE_BACK: ("subsidies.months_still_free",),
            Action.REJECT: ("subsidies.objection_upheld",),
        },
        effects={
            Action.REJECT: ("subsidies.release_months",),
            Action.WITHDRAW: ("subsidies.release_months",),
            Action.TAKE_BACK: ("subsidies.claim_months_again",),
        },
        documents=(Document("application", _("Subsidy application form"), application_forms),),
        has_amount=True,
        passes_along={"unit": "unit_report"},
        copy_url="subsidies:rent_copy",
        real_name_level=RealNameLevel.MIDDLE,
    )
)

register_chain(ChainSpec(GRADUATE_RENT, STAGES))
