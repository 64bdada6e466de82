"""Two talents from abroad: a passport and a permanent residence card, names in Latin letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from accounts.models import User
from accounts.services import IdentityFacts
from accounts.services.message_settings import choose_language
from portal.demo.graduates import make_settled
from portal.demo.names import Invented, identity_number
from portal.demo.walk import Walker
from talent.models import Education
from talent.services.facts import keep_fact
from workflow import clock
from workflow.models import Organisation

ENGLISH = "en"
# 外国人永久居留身份证 (2023): 9, province 13, Japan 392.
RESIDENT = "913392"


def make_foreigner(walker: Walker, unit: Organisation, invented: Invented) -> User:
    born = date(clock.today().year - 33, 5, 12)
    doctor = replace(
        invented, name="MÜLLER, ANNA", degree="11", school="Technische Universität München", major="化学工程与技术"
    )
    identity = IdentityFacts("06", "C01X00T41", doctor.name, doctor.phone, "anna.mueller@example.org", born, "2",
                             "", "", None, doctor.name)  # fmt: skip
    user = _settle(walker, unit, doctor, identity, "foreigner", "DE")
    # Her messages come in English from the beginning.
    choose_language(user, ENGLISH)
    return user


def make_resident(walker: Walker, unit: Organisation, invented: Invented) -> User:
    born = date(clock.today().year - 34, 11, 3)
    doctor = replace(invented, name="TANAKA, KENJI", degree="11", school="東京工業大学", major="材料科学与工程")
    number = identity_number(RESIDENT, born, 1)
    identity = IdentityFacts("05", number, doctor.name, doctor.phone, "", born, "1", "", "", None, doctor.name)
    return _settle(walker, unit, doctor, identity, "resident", "JP")


def _settle(
    walker: Walker, unit: Organisation, invented: Invented, identity: IdentityFacts, username: str, nationality: str
) -> User:
    user = make_settled(walker, invented, unit, username=username, identity=identity, nationality=nationality)
    study = Education.objects.of(user.person).get()
    study.foreign_certificate = f"教留服认外{clock.today().year - 1}00{invented.phone[-5:]}"
    keep_fact(study)
    return user
