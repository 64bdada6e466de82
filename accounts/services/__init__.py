from .accounts import Taken, change_password, update_account
from .expiry import expire_registrations
from .person_registration import IdentityFacts, StudyFacts, change_person_registration, register_person
from .registration import AccountFacts, submit_registration, withdraw_registration
from .sensitive import reveal
from .unit_registration import UnitFacts, change_unit_registration, register_unit, update_unit

__all__ = [
    "AccountFacts",
    "IdentityFacts",
    "StudyFacts",
    "Taken",
    "UnitFacts",
    "change_password",
    "change_person_registration",
    "change_unit_registration",
    "expire_registrations",
    "register_person",
    "register_unit",
    "reveal",
    "submit_registration",
    "update_account",
    "update_unit",
    "withdraw_registration",
]
