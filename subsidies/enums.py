"""The closed vocabularies of the subsidies."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# The case type of the rent subsidy for graduates.
GRADUATE_RENT = "graduate_rent"


class StopStatus(models.TextChoices):
    IN_FORCE = "in_force", _("In force")
    LIFTED = "lifted", _("Lifted")


class PayState(models.TextChoices):
    """到账状态: what is known about the money of one case."""

    WAITING = "waiting", _("Not paid yet")
    ALLOCATED = "allocated", _("Allocated by the city")
    PAID = "paid", _("Paid, no word from the bank")
    ARRIVED = "arrived", _("Arrived")
    BOUNCED = "bounced", _("Returned by the bank")
