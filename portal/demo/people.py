"""Who can sign in with one click, one per role; the same names in every demo database."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.administrators import AUDIT, SECURITY, SYSTEM
from workflow.enums import OrganisationKind, Role

COUNTY = "130902"  # 新华区
CITY = "130900"  # 沧州市


@dataclass(frozen=True, slots=True)
class DemoPerson:
    username: str
    role: str
    name: str
    # Kind and region of the office; the graduate and the administrators have none.
    office: str = ""
    region: str = ""
    duty: str = Role.HANDLER


PEOPLE = (
    DemoPerson("graduate", "毕业生", "李晓雨"),
    DemoPerson("unit", "用人单位", "王人事", OrganisationKind.UNIT, COUNTY),
    DemoPerson("newcomer", "未实名个人", "林新来"),
    DemoPerson("newunit", "未实名单位", "高经办"),
    DemoPerson("county_hr", "县区人社局", "赵审核", OrganisationKind.COUNTY_HR, COUNTY),
    DemoPerson("county_specialist", "县区服务专员", "方专员", OrganisationKind.COUNTY_HR, COUNTY, Role.SPECIALIST),
    DemoPerson("county_lead", "县区负责人", "石局长", OrganisationKind.COUNTY_HR, COUNTY, Role.LEADER),
    DemoPerson("county_org", "县区组织部", "钱部长", OrganisationKind.COUNTY_ORG, COUNTY),
    DemoPerson("city_hr", "市人社局", "孙汇总", OrganisationKind.CITY_HR, CITY),
    DemoPerson("city_specialist", "市服务专员", "姚专员", OrganisationKind.CITY_HR, CITY, Role.SPECIALIST),
    DemoPerson("city_lead", "市负责人", "顾局长", OrganisationKind.CITY_HR, CITY, Role.LEADER),
    DemoPerson("city_org", "市组织部", "周确认", OrganisationKind.CITY_ORG, CITY),
    DemoPerson("city_fin", "市财政局", "吴拨付", OrganisationKind.CITY_FIN, CITY),
    DemoPerson("county_fin", "县财政局", "郑会计", OrganisationKind.COUNTY_FIN, COUNTY),
    DemoPerson("counter", "受理点", "尤受理", OrganisationKind.COUNTER, COUNTY),
    DemoPerson("counter2", "受理点复核", "许复核", OrganisationKind.COUNTER, COUNTY),
    DemoPerson("admin_system", SYSTEM, "冯配置"),
    DemoPerson("admin_security", SECURITY, "陈账号"),
    DemoPerson("admin_audit", AUDIT, "褚审计"),
    DemoPerson("admin", "超级管理员", "超级管理员"),
)
USERNAMES = frozenset(person.username for person in PEOPLE)
