"""Who gets what from every address: the table that tests/test_urls.py walks through with everybody."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.accounts.counter_doors import AT_COUNTER, COUNTER_DOORS
from tests.accounts.real_name_doors import REAL_NAME_DOORS
from tests.accounts.unit_doors import UNIT_DOORS
from tests.landscape import RENT, Landscape
from tests.own_doors import OWN_DOORS
from tests.talent.apply_doors import APPLY_DOORS
from tests.talent.card_doors import CARD_DOORS, PUBLIC_CARD_DOORS
from tests.talent.request_doors import PUBLIC_REQUEST_DOORS, REQUEST_DOORS
from tests.talent.space_doors import SPACE_DOORS
from tests.talent.summary_doors import SUMMARY_DOORS
from tests.workflow.files import pdf

OFFICES = {"county_hr", "other_county_hr", "county_org", "county_fin", "city_hr", "city_org", "city_fin"}
UNITS = {"unit", "other_unit"}
PERSONS = {"applicant", "person"}
# Approved accounts; the administrator of the system has no duty and is no person.
APPROVED = OFFICES | UNITS | PERSONS | AT_COUNTER | {"admin"}
SIGNED_IN = APPROVED | {"pending"}
EVERYBODY = SIGNED_IN | {"anonymous"}
# Who may see a case that waits at the county HR bureau, and one that has passed every office of its county.
AROUND_WAITING = {"applicant", "unit", "county_hr", "city_hr"}
AROUND_PAID = {"applicant", "unit", "county_hr", "county_org", "county_fin", "city_hr", "city_org", "city_fin"}

Args = Callable[[Landscape], list[Any]]


@dataclass(frozen=True)
class Door:
    """Who gets ``ok`` from an address; everybody else signed in gets ``shut``; anonymous people go and sign in."""

    admits: set[str]
    args: Args = lambda land: []
    post: dict[str, Any] | Callable[[], dict[str, Any]] | None = None
    ok: int = 200
    shut: int = 403
    # What single roles get instead.
    also: dict[str, int] = field(default_factory=dict)

    def status_for(self, role: str) -> int:
        if role in self.also:
            return self.also[role]
        if role in self.admits:
            return self.ok
        if role == "anonymous":
            return 302
        return 403 if role == "pending" else self.shut


def case(name: str) -> Args:
    return lambda land: [getattr(land, name).pk]


def token(name: str) -> Args:
    return lambda land: [getattr(land, name).token]


def employment(land: Landscape) -> list[Any]:
    return [land.draft.person.work_experiences.get().pk]


def seat(stage: str) -> Args:
    return lambda land: [RENT, stage]


def public(**options: Any) -> Door:
    return Door(EVERYBODY, **options)


def nowhere(**options: Any) -> Door:
    """Exists in demo mode alone."""
    return Door(set(), shut=404, **options)


DOORS = {
    "set_language": public(post={}, ok=302),
    "captcha-image": public(args=lambda land: ["0" * 40], ok=410),
    "captcha-image-2x": public(args=lambda land: ["0" * 40], ok=410),
    "captcha-audio": public(args=lambda land: ["0" * 40], ok=404),
    "captcha-refresh": public(ok=404),
    "portal:hall": public(),
    "portal:home": Door(APPROVED),
    "portal:accessibility": public(),
    "portal:privacy": public(),
    "portal:terms": public(),
    "portal:help": public(),
    "portal:move_clock": nowhere(post={"days": 1}),
    "portal:demo_sign_in": nowhere(args=lambda land: ["graduate"], post={}, also={"anonymous": 404, "pending": 404}),
    "portal:demo_inbox": nowhere(also={"anonymous": 404, "pending": 404}),
    "accounts:sign_in": Door({"anonymous"}, also=dict.fromkeys(SIGNED_IN, 302)),
    "accounts:sign_in_unit": public(),
    "accounts:sign_in_person": public(),
    "accounts:sign_in_officer": public(),
    "accounts:sign_in_sms": public(args=lambda land: ["person"]),
    # No identity service is configured here.
    "accounts:identity_start": nowhere(post={}, also={"anonymous": 404, "pending": 404}),
    "accounts:identity_return": nowhere(also={"anonymous": 404, "pending": 404}),
    "accounts:identity_unlink": Door(APPROVED, ok=302),
    "accounts:password_reset": public(),
    "accounts:set_password": public(args=lambda land: ["forged"], ok=410),
    "accounts:sign_out": Door(SIGNED_IN, post={}, ok=302),
    "accounts:keep_alive": Door(SIGNED_IN, ok=204),
    "accounts:keep_form": Door(SIGNED_IN, post={}, ok=204),
    "accounts:item": Door(PERSONS, args=lambda land: ["graduate-rent"], ok=302),
    "accounts:register_unit": public(),
    "accounts:register_unit_form": public(ok=302),
    "accounts:register_person": public(),
    "accounts:register_person_form": public(ok=302),
    "accounts:supervisors": public(),
    "accounts:unit_options": public(),
    "accounts:register": public(),
    "accounts:registered": public(ok=302),
    "accounts:text": public(args=lambda land: ["user_agreement"]),
    "accounts:text_version": public(args=lambda land: ["sensitive_data", 1]),
    "accounts:agreement": Door(SIGNED_IN, ok=302),
    "accounts:registration": Door({"pending"}, shut=404),
    "accounts:registration_submit": Door({"pending"}, post={}, ok=409, shut=404),
    "accounts:registration_withdraw": Door({"pending"}, post={}, ok=302, shut=404),
    "accounts:registration_edit": Door({"pending"}, args=lambda land: [land.users["pending"].cases.get().pk], shut=404),
    "accounts:account": Door(SIGNED_IN),
    "accounts:password": Door(SIGNED_IN),
    **{name: Door(**facts) for name, facts in REAL_NAME_DOORS.items()},
    "accounts:phone": Door(SIGNED_IN),
    "accounts:security": Door(SIGNED_IN),
    "accounts:second_factor_set_up": Door(SIGNED_IN),
    # Nobody here has a second factor: back to the page that says so.
    "accounts:second_factor_remove": Door(SIGNED_IN, args=lambda land: [1], ok=302),
    "accounts:passkey_add": Door(SIGNED_IN),
    "accounts:recovery_codes": Door(SIGNED_IN, ok=302),
    "accounts:session_end": Door(SIGNED_IN, args=lambda land: [1], post={}, ok=302),
    "accounts:sessions_end": Door(SIGNED_IN, post={}, ok=302),
    "accounts:second_factor": public(ok=302),
    "accounts:unit_info": Door(UNITS),
    **{name: Door(**facts) for name, facts in UNIT_DOORS.items()},
    "accounts:account_log": Door(APPROVED),
    "accounts:messages": Door(SIGNED_IN),
    "accounts:messages_read": Door(SIGNED_IN, post={}, ok=302),
    "accounts:message_settings": Door(SIGNED_IN),
    "accounts:email_link": Door(SIGNED_IN, post={}, ok=302),
    "accounts:email_confirm": public(args=lambda land: ["forged"], ok=410),
    "accounts:sms_receipts": Door(
        set(), args=lambda land: ["forged"], post={}, also=dict.fromkeys(("anonymous", "pending"), 403)
    ),
    **{name: public(**facts) for name, facts in PUBLIC_CARD_DOORS.items()},
    **{name: public(**facts) for name, facts in PUBLIC_REQUEST_DOORS.items()},
    **{name: Door(**facts) for name, facts in REQUEST_DOORS.items()},
    **{name: Door(**facts) for name, facts in (CARD_DOORS | COUNTER_DOORS | OWN_DOORS | SPACE_DOORS).items()},
    "accounts:reveal": Door(
        {"applicant", "county_hr"},
        args=lambda land: [land.waiting.pk, "number"],
        shut=404,
        also={"unit": 403, "city_hr": 403},
    ),
    "talent:educations": Door(PERSONS),
    "talent:education_add": Door(PERSONS),
    "talent:education_change": Door({"applicant"}, args=lambda land: [land.draft.education_id], shut=404),
    "talent:education_remove": Door(
        {"applicant"}, args=lambda land: [land.draft.education_id], post={}, ok=302, shut=404
    ),
    "talent:works": Door(PERSONS),
    "talent:work_add": Door(PERSONS),
    "talent:work_change": Door({"applicant"}, args=employment, shut=404),
    "talent:work_remove": Door({"applicant"}, args=employment, post={}, ok=302, shut=404),
    "talent:work_proofs": Door({"applicant"}, args=employment, shut=404),
    # Without a file the page comes back and says so.
    "talent:proof_add": Door({"applicant"}, args=employment, post={"kind": "work_contract"}, shut=404),
    "talent:proof_remove": Door(
        {"applicant"}, args=lambda land: [land.proof.material.token], post={}, ok=302, shut=404
    ),
    "talent:profile": Door(PERSONS),
    "talent:photo_add": Door(PERSONS, post={}, ok=422),
    "talent:photo_remove": Door(PERSONS, post={}, ok=302),
    **{name: Door(**facts) for name, facts in (APPLY_DOORS | SUMMARY_DOORS).items()},
    "talent:apply_start": public(),
    "subsidies:rent_start": public(),
    "subsidies:rent_create": Door(PERSONS, post={}, ok=302),
    "subsidies:rent_list": Door(PERSONS),
    "subsidies:rent_edit": Door({"applicant"}, args=case("draft"), also={"person": 404}),
    "subsidies:rent_autosave": Door({"applicant"}, args=case("draft"), post={}, also={"person": 404}),
    "subsidies:rent_materials": Door({"applicant"}, args=case("draft"), also={"person": 404}),
    "subsidies:rent_check": Door({"applicant"}, args=case("draft"), also={"person": 404}),
    "subsidies:rent_submitted": Door({"applicant"}, args=case("waiting"), also={"person": 404}),
    "subsidies:rent_copy": Door({"applicant"}, args=case("withdrawn"), post={}, ok=302, also={"person": 404}),
    "subsidies:statistics": Door(OFFICES | UNITS),
    "subsidies:export_statistics": Door(OFFICES | UNITS, post={}, ok=302),
    "subsidies:payments": Door(OFFICES | UNITS),
    "subsidies:export_payments": Door(OFFICES | UNITS, post={}, ok=302),
    "subsidies:batches": Door(OFFICES),
    "subsidies:batch": Door(OFFICES, args=case("payout"), also={"other_county_hr": 404}),
    "subsidies:batch_members": Door(OFFICES, args=case("payout"), post={}, also={"other_county_hr": 404}),
    "subsidies:batch_summary": Door(OFFICES, args=case("payout"), also={"other_county_hr": 404}),
    "subsidies:batch_print": Door(OFFICES, args=case("payout"), post={}, ok=302, also={"other_county_hr": 404}),
    "subsidies:batch_payout": Door(
        {"county_fin"}, args=case("payout"), post={"reason": "发放"}, also={"other_county_hr": 404}
    ),
    "subsidies:ledger": Door({"county_fin"}),
    "subsidies:bounce": Door({"county_fin"}, args=lambda land: [land.bounce.payment_id]),
    "subsidies:arrival": Door({"county_fin"}, args=lambda land: [land.bounce.payment_id]),
    "subsidies:pay_again": Door({"county_fin"}, args=case("bounce")),
    "subsidies:bank_template": Door({"county_fin"}, post={}),
    "subsidies:bank_file": Door({"county_fin"}, args=lambda land: [land.bank_file.token]),
    "subsidies:bank_original": Door({"county_fin"}, args=lambda land: [land.bank_file.token]),
    "subsidies:bank_failed": Door({"county_fin"}, args=lambda land: [land.bank_file.token], post={}),
    "subsidies:bank_results": Door({"county_fin"}, post={}, ok=422),
    "subsidies:payout_list": Door({"county_fin"}, post={"reason": "发放"}),
    "subsidies:stops": Door({"county_hr", "other_county_hr"}),
    "subsidies:stop_lift": Door({"county_hr"}, args=case("stop"), also={"other_county_hr": 404}),
    "subsidies:my_payments": Door(PERSONS | {"admin"}),
    "subsidies:correct_account": Door({"applicant"}, args=case("bounce"), shut=404),
    "workflow:queue": Door({"county_hr", "other_county_hr"}, args=seat("county_hr")),
    "workflow:queue_matching": Door({"county_fin"}, args=seat("county_fin")),
    "workflow:select": Door(UNITS, args=seat("unit"), post={"action": "approve"}, ok=302),
    "workflow:export_queue": Door({"city_hr"}, args=seat("city_summary"), post={}, ok=302),
    "workflow:confirm": Door({"county_hr"}, args=lambda land: [land.selection.pk, "approve"], shut=404),
    "workflow:act": Door({"county_hr"}, args=lambda land: [land.act], shut=404),
    "workflow:case": Door(AROUND_WAITING, args=case("waiting"), shut=404),
    "workflow:case_document": Door(AROUND_PAID, args=lambda land: [land.paid.pk, "application"], shut=404),
    "workflow:materials": Door(AROUND_WAITING, args=case("waiting"), shut=404, also={"pending": 404}),
    "workflow:material_add": Door(
        {"applicant"},
        args=case("draft"),
        post=lambda: {"kind": "id_card", "file": SimpleUploadedFile("身份证.pdf", pdf())},
        ok=302,
        shut=404,
        also={"pending": 404},
    ),
    "workflow:decide": Door(
        {"county_hr"},
        args=lambda land: [land.waiting.pk, "approve"],
        post={"token": str(uuid.uuid4()), "revision": 3},
        ok=302,
        shut=404,
        also={"applicant": 403, "unit": 403, "city_hr": 403},
    ),
    "workflow:material_preview": Door(AROUND_WAITING, args=token("material"), shut=404, also={"pending": 404}),
    "workflow:material_page": Door(
        AROUND_WAITING, args=lambda land: [land.material.token, 0], shut=404, also={"pending": 404}
    ),
    "workflow:material_download": Door(AROUND_WAITING, args=token("material"), shut=404, also={"pending": 404}),
    "workflow:material_remove": Door(
        set(), args=token("material"), post={}, shut=404, also=dict.fromkeys(AROUND_WAITING, 403) | {"pending": 404}
    ),
    "workflow:notices": public(),
    "workflow:notice": public(args=lambda land: [land.member.batch.notice.pk]),
    "workflow:notice_sheet": public(args=lambda land: [land.member.batch.notice.pk]),
    "workflow:object": public(args=lambda land: [land.member.batch.notice.pk, land.member.pk]),
    "workflow:objection_received": public(args=token("objection")),
    "workflow:objections": Door({"county_hr", "other_county_hr", "city_hr"}),
    "workflow:objection": Door({"county_hr"}, args=case("objection"), shut=404),
    "workflow:jobs": Door(APPROVED),
    "workflow:job": Door({"county_hr"}, args=token("job"), shut=404, also={"pending": 404}),
    "workflow:job_progress": Door({"county_hr"}, args=token("job"), shut=404, also={"pending": 404}),
    "workflow:job_cancel": Door({"county_hr"}, args=token("job"), post={}, ok=302, shut=404, also={"pending": 404}),
    "workflow:job_result": Door(set(), args=token("job"), shut=404, also={"pending": 404}),
    "workflow:switch_duty": Door(set(), post={}),
    "workflow:progress": public(),
}
