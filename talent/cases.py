"""渤海英才卡申请 as a case type, and its chain."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.enums import RealNameLevel
from talent.application_papers import card_materials
from talent.application_wallet import CARD_OWN_PAPERS
from talent.documents.card_form import card_forms
from talent.enums import BOHAI_CARD
from talent.stages import STAGES
from workflow.chain_specs import ChainSpec, register_chain
from workflow.enums import Action
from workflow.registry import CaseType, Column, Document, register_case_type

register_case_type(
    CaseType(
        key=BOHAI_CARD,
        label=_("Application for the Bohai talent card"),
        code="YCK",
        # The columns of 单位负责人审核 (manual 001, spec 4.8); every office has the same, and one more (4.10).
        columns=(
            Column("subject", _("Chinese name")),
            Column("id_masked", _("Identity number")),
            Column("sex", _("Sex")),
            Column("card_level", _("Type of card")),
            Column("category", _("Category of talent")),
            Column("position", _("Position held")),
            Column("specialist", _("Name of the service specialist")),
            Column("specialist_phone", _("Telephone of the service specialist")),
            Column("submitted_at", _("Submitted at"), "date"),
        ),
        office_columns=(Column("summary_batch", _("Batch of the summary table")),),
        stage_columns={"print": (Column("card_number", _("Card number")),)},
        export_columns=(Column("unit", _("Employer")), Column("county", _("County"))),
        edit_url="talent:apply_edit",
        materials=card_materials,
        own_papers=CARD_OWN_PAPERS,
        gates={Action.SUBMIT: ("accounts.real_name", "workflow.materials_complete")},
        effects=dict.fromkeys(
            (Action.SEND_BACK, Action.REJECT, Action.TAKE_BACK, Action.WITHDRAW), ("talent.leave_summary",)
        ),
        documents=(Document("application", _("Application and approval form"), card_forms),),
        copy_url="talent:apply_copy",
        review_menu=False,
        real_name_level=RealNameLevel.MIDDLE,
    )
)

register_chain(ChainSpec(BOHAI_CARD, STAGES))
