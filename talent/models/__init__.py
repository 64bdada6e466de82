from .facts import Education, WorkExperience
from .wallet import Proof

__all__ = ["Education", "Proof", "WorkExperience"]
