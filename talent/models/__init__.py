from .application import CardApplication
from .card import Card, CardEvent
from .card_papers import CardPrint, HandOut, PrintFetch, PrintRun
from .change import CardChange
from .facts import Education, WorkExperience
from .request import ServiceRequest
from .scheme import CardCategory, CardPaper, CardScheme, CardService
from .signing import SignedCode, SigningKey
from .space import FamilyMember, Honour, Project, TalentProfile
from .specialist import SpecialistChange
from .summary import SummaryBatch, SummaryMember, SummaryScan
from .wallet import Proof

__all__ = [
    "Card",
    "CardApplication",
    "CardCategory",
    "CardChange",
    "CardEvent",
    "CardPaper",
    "CardPrint",
    "CardScheme",
    "CardService",
    "Education",
    "FamilyMember",
    "HandOut",
    "Honour",
    "PrintFetch",
    "PrintRun",
    "Project",
    "Proof",
    "ServiceRequest",
    "SignedCode",
    "SigningKey",
    "SpecialistChange",
    "SummaryBatch",
    "SummaryMember",
    "SummaryScan",
    "TalentProfile",
    "WorkExperience",
]
