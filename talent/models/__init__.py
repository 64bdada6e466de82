from .application import CardApplication
from .facts import Education, WorkExperience
from .scheme import CardCategory, CardPaper, CardScheme, CardService
from .space import FamilyMember, Honour, Project, TalentProfile
from .wallet import Proof

__all__ = [
    "CardApplication",
    "CardCategory",
    "CardPaper",
    "CardScheme",
    "CardService",
    "Education",
    "FamilyMember",
    "Honour",
    "Project",
    "Proof",
    "TalentProfile",
    "WorkExperience",
]
