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


class RowOutcome(models.TextChoices):
    """What became of one row of the bank's results."""

    ARRIVED = "arrived", _("Arrival recorded")
    RETURNED = "returned", _("Return recorded")
    KNOWN = "known", _("Recorded before")
    UNKNOWN = "unknown", _("No such payment")
    REFUSED = "refused", _("Not recorded")


FAILED = (RowOutcome.UNKNOWN, RowOutcome.REFUSED)


class WindowMode(models.TextChoices):
    """When applications are accepted."""

    ALWAYS = "always", _("On every day")
    QUARTER_FIRST_MONTH = "quarter_first_month", _("In the first month of each quarter")
    YEARLY = "yearly", _("Each year from one day to another")


class BatchBy(models.TextChoices):
    """批次: what time applications are gathered by."""

    YEAR = "year", _("By year")
    QUARTER = "quarter", _("By year and quarter")
    MONTH = "month", _("By year and month")


class MaterialCondition(models.TextChoices):
    """When a material is asked for at all."""

    ALWAYS = "always", _("Always")
    MARRIED = "married", _("If married")
    FOREIGN_DEGREE = "foreign_degree", _("With a foreign degree")
