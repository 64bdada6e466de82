"""大学生租房补助: its case type, its approval chain and its pages in the menu.

The chain is the table of thirteen steps of manual 002 with the states of spec 5.2. County finance is barred to whoever
released the money at city finance; the other offices are too small for four eyes within one office, and every case
passes seven of them anyway.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from subsidies import effects, gates, menu, messages, months, office_forms, seeding
from subsidies.documents import lists
from subsidies.documents.application_form import application_form_pdf
from subsidies.enums import GRADUATE_RENT
from subsidies.materials import rent_materials
from subsidies.seeding import read_programme
from workflow.chain_specs import ChainSpec, StageSpec, register_chain
from workflow.enums import PERSON, Action, OrganisationKind
from workflow.registry import CaseType, Column, Document, register_case_type

# Importing them registers what the stages below name.
__all__ = ["effects", "gates", "lists", "menu", "messages", "months", "office_forms", "seeding"]

UNIT, COUNTY_HR = OrganisationKind.UNIT, OrganisationKind.COUNTY_HR
CITY_HR = OrganisationKind.CITY_HR
CONFIG = read_programme()
DAYS = CONFIG["node_workdays"]

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
        edit_url="subsidies:rent_edit",
        materials=rent_materials,
        gates={
            Action.SUBMIT: ("workflow.materials_complete", "subsidies.eligible"),
            Action.TAKE_BACK: ("subsidies.months_still_free",),
            Action.REJECT: ("subsidies.objection_upheld",),
        },
        effects={
            Action.REJECT: ("subsidies.release_months",),
            Action.WITHDRAW: ("subsidies.release_months",),
            Action.TAKE_BACK: ("subsidies.claim_months_again",),
        },
        documents=(Document("application", _("Subsidy application form"), application_form_pdf),),
        has_amount=True,
        passes_along={"unit": "unit_report"},
        may_copy=True,
    )
)

UNIT_STAGES = (
    StageSpec(
        slug="unit",
        actor_kind=UNIT,
        label="待单位审核",
        label_en="Waiting for the employer's review",
        step="单位审核",
        step_en="Employer's review",
        menu="个人补助申请审核",
        menu_en="Review of subsidy applications",
        todo="您有【{count}】个大学生租房补助申请待审核",
        todo_en="{count} rent subsidy applications to review",
        forward="审核通过",
        forward_en="Approve",
        working_days=DAYS["unit"],
        returns_to=(PERSON,),
    ),
    StageSpec(
        slug="unit_report",
        actor_kind=UNIT,
        label="待单位上报",
        label_en="Waiting for the employer's report",
        step="单位上报",
        step_en="Employer's report",
        menu="个人补助申请上报",
        menu_en="Report of subsidy applications",
        todo="您有【{count}】个大学生租房补助申请待上报",
        todo_en="{count} rent subsidy applications to report",
        forward="上报至县人社局",
        forward_en="Report to the county HR bureau",
        backward="退回到单位待审核",
        backward_en="Back to the employer's review",
        working_days=DAYS["unit_report"],
        returns_to=("unit",),
    ),
)

COUNTY_STAGES = (
    StageSpec(
        slug="county_hr",
        actor_kind=COUNTY_HR,
        label="待县区人社局审核",
        label_en="Waiting for the county HR bureau",
        step="县区人社局审核",
        step_en="County HR review",
        menu="补助审核",
        menu_en="Subsidy review",
        todo="您有【{count}】个大学生租房补助申请待审核",
        todo_en="{count} rent subsidy applications to review",
        forward="审核通过",
        forward_en="Approve",
        working_days=DAYS["county_hr"],
        returns_to=(PERSON, "unit"),
    ),
    StageSpec(
        slug="publish",
        actor_kind=COUNTY_HR,
        label="待公示",
        label_en="Waiting to be published",
        step="县区公示",
        step_en="Publication",
        menu="补助公示",
        menu_en="Public notices of subsidies",
        todo="您有【{count}】个大学生租房补助申请待公示",
        todo_en="{count} rent subsidy applications to publish",
        forward="发布公示",
        forward_en="Publish the notice",
        working_days=CONFIG["publicity_workdays"],
        form="workflow.notice",
        effects=("workflow.publish_notice",),
        returns_to=("county_hr", PERSON),
    ),
    StageSpec(
        slug="publicity",
        actor_kind=COUNTY_HR,
        label="公示中",
        label_en="Published, open to objections",
        step="公示中",
        step_en="Notice period",
        forward="公示结束",
        forward_en="Notice period over",
        rejection="异议成立，不予通过",
        rejection_en="Objection upheld, not approved",
        working_days=CONFIG["publicity_workdays"],
        gates=("workflow.notice_over", "workflow.no_open_objection"),
        may_reject=True,
        automatic=True,
        hand_moved=False,
    ),
    StageSpec(
        slug="review",
        actor_kind=COUNTY_HR,
        label="待评审",
        label_en="Waiting for the panel's review",
        step="县区评审",
        step_en="Panel review",
        menu="补助评审",
        menu_en="Panel review of subsidies",
        todo="您有【{count}】个大学生租房补助申请待评审",
        todo_en="{count} rent subsidy applications for the panel",
        forward="评审通过",
        forward_en="Pass",
        rejection="评审不通过",
        rejection_en="Do not pass",
        working_days=DAYS["review"],
        form="subsidies.review",
        gates=("workflow.no_open_objection",),
        returns_to=("county_hr", PERSON),
        may_reject=True,
    ),
    StageSpec(
        slug="county_report",
        actor_kind=COUNTY_HR,
        label="待上报县区组织部",
        label_en="Waiting for the report to the county organisation department",
        step="上报县区组织部",
        step_en="Report to the county organisation department",
        menu="上报县组织部",
        menu_en="Report to the county organisation department",
        todo="您有【{count}】个大学生租房补助申请待上报",
        todo_en="{count} rent subsidy applications to report",
        forward="上报县组织部",
        forward_en="Report to the county organisation department",
        working_days=DAYS["county_report"],
        effects=("subsidies.open_report_batch",),
        returns_to=("review", "county_hr", PERSON),
    ),
    StageSpec(
        slug="county_org",
        actor_kind=OrganisationKind.COUNTY_ORG,
        label="待县区组织部确认",
        label_en="Waiting for the county organisation department",
        step="县区组织部确认",
        step_en="Confirmation by the county organisation department",
        menu="补助确认",
        menu_en="Confirmation of subsidies",
        todo="您有【{count}】个大学生租房补助申请待确认",
        todo_en="{count} rent subsidy applications to confirm",
        forward="确认",
        forward_en="Confirm",
        working_days=DAYS["county_org"],
        returns_to=("county_report", "county_hr", PERSON),
    ),
)

CITY_STAGES = (
    StageSpec(
        slug="city_summary",
        actor_kind=CITY_HR,
        label="待市人社局汇总",
        label_en="Waiting for the city's summary",
        step="市人社局汇总",
        step_en="City summary",
        menu="补助汇总",
        menu_en="Summary of subsidies",
        todo="您有【{count}】个大学生租房补助申请待汇总",
        todo_en="{count} rent subsidy applications to sum up",
        forward="汇总",
        forward_en="Sum up",
        working_days=DAYS["city_summary"],
        effects=("subsidies.open_summary_batch",),
        returns_to=("county_report", "county_hr", PERSON),
    ),
    StageSpec(
        slug="city_report",
        actor_kind=CITY_HR,
        label="待市人社局上报",
        label_en="Waiting for the report to the city organisation department",
        step="市人社局上报",
        step_en="City report",
        menu="上报市组织部",
        menu_en="Report to the city organisation department",
        todo="您有【{count}】个大学生租房补助申请待上报",
        todo_en="{count} rent subsidy applications to report",
        forward="上报市组织部",
        forward_en="Report to the city organisation department",
        working_days=DAYS["city_hr"],
        gates=("subsidies.amounts_agree",),
        returns_to=("city_summary", "county_report", PERSON),
    ),
    StageSpec(
        slug="city_org",
        actor_kind=OrganisationKind.CITY_ORG,
        label="待市组织部确认",
        label_en="Waiting for the city organisation department",
        step="市组织部确认",
        step_en="Confirmation by the city organisation department",
        menu="补助确认",
        menu_en="Confirmation of subsidies",
        todo="您有【{count}】个大学生租房补助申请待确认",
        todo_en="{count} rent subsidy applications to confirm",
        forward="确认",
        forward_en="Confirm",
        working_days=DAYS["city_org"],
        gates=("subsidies.amounts_agree",),
        effects=("subsidies.notify_city_finance",),
        returns_to=("city_summary", "county_report", PERSON),
    ),
)

FINANCE_STAGES = (
    StageSpec(
        slug="city_fin",
        actor_kind=OrganisationKind.CITY_FIN,
        label="待市财政局拨付",
        label_en="Waiting for payment by the city finance bureau",
        step="市财政局拨付",
        step_en="Payment by the city finance bureau",
        menu="补助拨付",
        menu_en="Payment of subsidies",
        todo="您有【{count}】个大学生租房补助申请待拨付",
        todo_en="{count} rent subsidies to pay",
        forward="确认拨付",
        forward_en="Confirm payment",
        working_days=DAYS["city_fin"],
        form="subsidies.city_payment",
        gates=("subsidies.not_stopped", "subsidies.amounts_agree"),
        effects=("subsidies.pay_city",),
        returns_to=("city_org", "city_summary", PERSON),
    ),
    # Once the city has allocated the money nothing goes back: a wrong account is corrected beside the chain.
    StageSpec(
        slug="county_fin",
        actor_kind=OrganisationKind.COUNTY_FIN,
        label="待县财政局拨付",
        label_en="Waiting for payment by the county finance bureau",
        step="县财政局拨付",
        step_en="Payment by the county finance bureau",
        menu="补助拨付",
        menu_en="Payment of subsidies",
        todo="您有【{count}】个大学生租房补助申请待拨付",
        todo_en="{count} rent subsidies to pay",
        forward="确认拨付",
        forward_en="Confirm payment",
        working_days=DAYS["county_fin"],
        form="subsidies.county_payment",
        gates=("subsidies.not_stopped", "subsidies.amounts_agree", "subsidies.account_present"),
        effects=("subsidies.pay_county",),
        barred=("city_fin",),
    ),
    StageSpec(
        slug="person_confirm",
        actor_kind=PERSON,
        label="待个人确认",
        label_en="Waiting for the person's confirmation",
        step="个人确认拨付",
        step_en="The person's confirmation",
        forward="确认拨付",
        forward_en="Confirm that the money has arrived",
        working_days=DAYS["person_confirm"],
        gates=("subsidies.money_not_bounced",),
        automatic=True,
    ),
)

register_chain(ChainSpec(GRADUATE_RENT, (*UNIT_STAGES, *COUNTY_STAGES, *CITY_STAGES, *FINANCE_STAGES)))
