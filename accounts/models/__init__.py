from .consent import Consent, SensitiveView, Terms
from .notification import Notification
from .person import Identity, Person
from .registration import PersonRegistration, UnitRegistration
from .text import Sending, TextMessage
from .unit import UnitProfile
from .user import Identifier, User

__all__ = [
    "Consent",
    "Identifier",
    "Identity",
    "Notification",
    "Person",
    "PersonRegistration",
    "Sending",
    "SensitiveView",
    "Terms",
    "TextMessage",
    "UnitProfile",
    "UnitRegistration",
    "User",
]
