"""Who can sign in with one click, and what each of them is there for; the same names in every demo database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.administrators import AUDIT, SECURITY, SYSTEM
from workflow.enums import OrganisationKind, Role

COUNTY = "130902"  # 新华区
CITY = "130900"  # 沧州市


@dataclass(frozen=True, slots=True)
class DemoPerson:
    username: str
    role: str
    name: str
    # What there is to do or to see.
    purpose: Promise | str = ""
    # Kind and region of the office; persons and administrators have none.
    office: str = ""
    region: str = ""
    duty: str = Role.HANDLER


@dataclass(frozen=True, slots=True)
class DemoGroup:
    """In the order of a chain, where they stand in one."""

    title: Promise
    people: Sequence[DemoPerson]


def _officer(username: str, role: str, name: str, office: str, duty: str = Role.HANDLER) -> DemoPerson:
    region = CITY if office.startswith("city") else COUNTY
    return DemoPerson(username, role, name, office=office, region=region, duty=duty)


EMPLOYER = _officer("unit", "用人单位", "王人事", OrganisationKind.UNIT)
RENT = (
    DemoPerson("graduate", "毕业生", "李晓雨", _("One subsidy to confirm, one draft")),
    replace(EMPLOYER, purpose=_("Registrations and applications to review")),
    _officer("county_hr", "县区人社局", "赵审核", OrganisationKind.COUNTY_HR),
    _officer("county_org", "县区组织部", "钱部长", OrganisationKind.COUNTY_ORG),
    _officer("city_hr", "市人社局", "孙汇总", OrganisationKind.CITY_HR),
    _officer("city_org", "市组织部", "周确认", OrganisationKind.CITY_ORG),
    _officer("city_fin", "市财政局", "吴拨付", OrganisationKind.CITY_FIN),
    _officer("county_fin", "县财政局", "郑会计", OrganisationKind.COUNTY_FIN),
)
CARD = (
    DemoPerson("talent", "申请人", "叶青禾", _("A draft to submit; papers kept, one runs out soon")),
    DemoPerson("talent_back", "申请人", "秦望舒", _("Returned with remarks, to be corrected")),
    replace(EMPLOYER, purpose=_("Applications to review, summary tables to export and upload")),
    replace(
        _officer("county_specialist", "县区服务专员", "方专员", OrganisationKind.COUNTY_HR, Role.SPECIALIST),
        purpose=_("Applications, changes and services by card"),
    ),
    _officer("county_lead", "县区负责人", "石局长", OrganisationKind.COUNTY_HR, Role.LEADER),
    replace(
        _officer("city_specialist", "市服务专员", "姚专员", OrganisationKind.CITY_HR, Role.SPECIALIST),
        purpose=_("Applications and changes, printing and handing out"),
    ),
    replace(
        _officer("city_lead", "市负责人", "顾局长", OrganisationKind.CITY_HR, Role.LEADER),
        purpose=_("Applications to approve; cards to freeze or cancel"),
    ),
)
HOLDERS = (
    DemoPerson("holder", "持卡人", "许知行", _("Valid card; services at every stage, one to evaluate")),
    DemoPerson("holder_ending", "持卡人", "白露", _("The card ends in 30 days and can be renewed")),
    DemoPerson("holder_lost", "持卡人", "江月", _("Reported lost; a replacement can be applied for")),
    DemoPerson("holder_frozen", "持卡人", "石磊", _("The card is frozen")),
    DemoPerson("holder_expired", "持卡人", "夏至", _("The card has run out; a new one can be applied for")),
    DemoPerson("holder_cancelled", "持卡人", "陆平", _("The card was cancelled")),
    DemoPerson("foreigner", "外籍持卡人", "MÜLLER, ANNA", _("Passport, valid card; reads the portal in English")),
    DemoPerson(
        "resident", "外籍人才", "TANAKA, KENJI", _("Permanent residence card; the talent card waits for the printer")
    ),
)
ENTRY = (
    DemoPerson("newcomer", "未实名个人", "林新来", _("To raise the real-name level")),
    DemoPerson("newunit", "未实名单位", "高经办", _("To raise the real-name level")),
    DemoPerson("draftunit", "新注册单位", "乔人事", _("Materials to upload and registration to submit")),
    _officer("counter", "受理点", "尤受理", OrganisationKind.COUNTER),
    _officer("counter2", "受理点复核", "许复核", OrganisationKind.COUNTER),
)
ADMINISTRATORS = (
    DemoPerson("admin_system", SYSTEM, "冯配置"),
    DemoPerson("admin_security", SECURITY, "陈账号"),
    DemoPerson("admin_audit", AUDIT, "褚审计"),
    DemoPerson("admin", "超级管理员", "超级管理员"),
)
GROUPS = (
    DemoGroup(_("Rent subsidy for graduates"), RENT),
    DemoGroup(_("Bohai talent card: application"), CARD),
    DemoGroup(_("Bohai talent card: holders"), HOLDERS),
    DemoGroup(_("Registration and counter"), ENTRY),
    DemoGroup(_("System administrators"), ADMINISTRATORS),
)
# Everybody once: the employer has a hand in two chains.
PEOPLE = tuple({person.username: person for group in GROUPS for person in group.people}.values())
USERNAMES = frozenset(person.username for person in PEOPLE)
