"""The tables of the subsidies, one noun per module."""

from .ledger import AccountCorrection, Allocation, Arrival, Bounce, Payment, PaymentStop

__all__ = [
    "AccountCorrection",
    "Allocation",
    "Arrival",
    "Bounce",
    "Payment",
    "PaymentStop",
]
