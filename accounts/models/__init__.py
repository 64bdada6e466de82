from .consent import Consent, SensitiveView, Terms
from .notification import Notification
from .person import Identity, Person
from .registration import PersonRegistration, UnitRegistration
from .unit import UnitProfile
from .user import Identifier, User

__all__ = [
    "Consent",
    "Identifier",
    "Identity",
    "Notification",
    "Person",
    "PersonRegistration",
    "SensitiveView",
    "Terms",
    "UnitProfile",
    "UnitRegistration",
    "User",
]
