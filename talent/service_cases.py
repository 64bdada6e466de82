"""渤海英才卡服务 as a case type, its papers, its receipt and its chain."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.enums import RealNameLevel
from talent import office_forms, service_effects
from talent.documents.service_receipt import receipts
from talent.enums import CARD_SERVICE
from talent.service_stages import STAGES, TAKEN_ON
from workflow.chain_specs import ChainSpec, register_chain
from workflow.enums import Action
from workflow.filetypes import PAPERS
from workflow.models import Case
from workflow.registry import CaseType, Column, Document, MaterialRule, register_case_type

# Importing them registers what the stages name.
__all__ = ["office_forms", "service_effects"]

SUPPORT = MaterialRule(
    "other", _("Papers that support the request"), hint=_("As the department in charge may need them"), kinds=PAPERS
)


def request_materials(case: Case) -> Sequence[MaterialRule]:
    return (SUPPORT,)


register_case_type(
    CaseType(
        key=CARD_SERVICE,
        label=_("Service by the Bohai talent card"),
        code="YCF",
        columns=(
            Column("subject", _("Chinese name")),
            Column("card_number", _("Card number")),
            Column("card_level", _("Type of card")),
            Column("service", _("Service by card")),
            Column("specialist", _("Name of the service specialist")),
            Column("submitted_at", _("Submitted at"), "date"),
        ),
        export_columns=(Column("id_masked", _("Identity number")), Column("county", _("County"))),
        edit_url="talent:request_edit",
        materials=request_materials,
        documents=(Document("receipt", _("Receipt of the request"), receipts, stages=(TAKEN_ON,)),),
        gates={Action.SUBMIT: ("accounts.real_name", "workflow.materials_complete")},
        real_name_level=RealNameLevel.MIDDLE,
    )
)

register_chain(ChainSpec(CARD_SERVICE, STAGES))
