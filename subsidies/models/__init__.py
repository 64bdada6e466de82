"""The tables of the subsidies, one noun per module."""

from .application import RentApplication
from .bank import BankFile, BankRow
from .claim import MonthClaim
from .intake import BatchIntake, Intake
from .ledger import AccountCorrection, Allocation, Arrival, Bounce, Payment, PaymentStop
from .programme import Programme, ProgrammeLevel, ProgrammePaper

__all__ = [
    "AccountCorrection",
    "Allocation",
    "Arrival",
    "BankFile",
    "BankRow",
    "BatchIntake",
    "Bounce",
    "Intake",
    "MonthClaim",
    "Payment",
    "PaymentStop",
    "Programme",
    "ProgrammeLevel",
    "ProgrammePaper",
    "RentApplication",
]
