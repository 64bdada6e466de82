"""The closed vocabularies of talent beside the national code lists."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# 用工形式: full-time, as the code list of workflow has it.
FULL_TIME = "1"
# 劳动合同类型.
FIXED_TERM, OPEN_ENDED = "1", "2"


class ProofKind(models.TextChoices):
    """What a person keeps once and files many times."""

    PHOTO = "photo", _("Photo")
    CONTRACT = "work_contract", _("Labour or employment contract")
    INSURANCE = "work_insurance", _("Proof of social insurance payments (employment)")
    SERVICE = "work_service", _("Certificate of employment or of leaving")
    OTHER = "work_other", _("Other proof of the employment")
