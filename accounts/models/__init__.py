from .account_event import AccountEvent
from .changes import UnitChange, UnitTransfer
from .code import CodeGate, SmsCode
from .consent import Consent, SensitiveView, Terms
from .counter import CounterEvent, CounterOpening, CounterReset, CounterScan, CounterSheet, Grant
from .data_request import DataErasure, DataRequest
from .labour import LabourProfile
from .link import OneTimeLink
from .message import MessagePolicy, MessageSettings, MessageTemplate
from .notification import Notification
from .person import Identity, Person
from .real_name import RealNameRequest, StatedPerson, StatedUnit, Verification
from .registration import PersonRegistration, UnitRegistration
from .sign_in import Limit, OldPassword, SignIn
from .sign_up import SignUp
from .text import MailMessage, Sending, TextMessage
from .unit import UnitProfile
from .unit_user import UnitUser
from .user import Identifier, User
from .withdrawal import ConsentWithdrawal

__all__ = [
    "AccountEvent",
    "CodeGate",
    "Consent",
    "ConsentWithdrawal",
    "CounterEvent",
    "CounterOpening",
    "CounterReset",
    "CounterScan",
    "CounterSheet",
    "DataErasure",
    "DataRequest",
    "Grant",
    "Identifier",
    "Identity",
    "LabourProfile",
    "Limit",
    "MailMessage",
    "MessagePolicy",
    "MessageSettings",
    "MessageTemplate",
    "Notification",
    "OldPassword",
    "OneTimeLink",
    "Person",
    "PersonRegistration",
    "RealNameRequest",
    "Sending",
    "SensitiveView",
    "SignIn",
    "SignUp",
    "SmsCode",
    "StatedPerson",
    "StatedUnit",
    "Terms",
    "TextMessage",
    "UnitChange",
    "UnitProfile",
    "UnitRegistration",
    "UnitTransfer",
    "UnitUser",
    "User",
    "Verification",
]
