"""渤海英才卡变更 as a case type, and its chain."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.enums import RealNameLevel
from talent import change_effects
from talent.change_papers import CHANGE_PAPERS, change_materials
from talent.change_stages import STAGES
from talent.enums import CARD_CHANGE
from workflow.chain_specs import ChainSpec, register_chain
from workflow.enums import Action
from workflow.registry import CaseType, Column, register_case_type

# Importing them registers what the stages name.
__all__ = ["change_effects"]

register_case_type(
    CaseType(
        key=CARD_CHANGE,
        label=_("Change of the Bohai talent card"),
        code="YCB",
        columns=(
            Column("subject", _("Chinese name")),
            Column("id_masked", _("Identity number")),
            Column("card_number", _("Card number")),
            Column("kind", _("Kind of change")),
            Column("valid_until", _("Valid until"), "date"),
            Column("submitted_at", _("Submitted at"), "date"),
        ),
        export_columns=(Column("unit", _("Employer")), Column("county", _("County"))),
        edit_url="talent:change_edit",
        materials=change_materials,
        own_papers=CHANGE_PAPERS,
        gates={Action.SUBMIT: ("accounts.real_name", "workflow.materials_complete")},
        review_menu=False,
        real_name_level=RealNameLevel.MIDDLE,
    )
)

register_chain(ChainSpec(CARD_CHANGE, STAGES))
