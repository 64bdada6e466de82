"""The closed vocabularies of the floor: states, actions, kinds of office, roles."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Returned for correction")
    APPROVED = "approved", _("Completed")
    REJECTED = "rejected", _("Not approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN_TO_PERSON = (State.DRAFT, State.RETURNED)
FINAL = (State.APPROVED, State.REJECTED, State.WITHDRAWN)


class Action(models.TextChoices):
    """Stored value = name of the transition method; a test pins the two together."""

    SUBMIT = "submit", _("Submit")
    APPROVE = "approve", _("Approve")
    SEND_BACK = "send_back", _("Return for correction")
    TAKE_BACK = "take_back", _("Take back")
    REJECT = "reject", _("Reject")
    WITHDRAW = "withdraw", _("Withdraw")


NEEDS_OPINION = (Action.SEND_BACK, Action.REJECT)


class OrganisationKind(models.TextChoices):
    UNIT = "unit", _("Employer")
    COUNTY_HR = "county_hr", _("County HR bureau")
    COUNTY_ORG = "county_org", _("County organisation department")
    COUNTY_FIN = "county_fin", _("County finance bureau")
    CITY_HR = "city_hr", _("City HR bureau")
    CITY_ORG = "city_org", _("City organisation department")
    CITY_FIN = "city_fin", _("City finance bureau")
    SQUAD = "squad", _("Labour inspection squad")
    COUNTER = "counter", _("Service counter")


# Who a stage waits for: an office of this kind, or the person.
PERSON = "person"
STAGE_ACTORS = [*OrganisationKind.choices, (PERSON, _("The applicant"))]


class Role(models.TextChoices):
    HANDLER = "handler", _("Handler")
    REVIEWER = "reviewer", _("Reviewer")
    SPECIALIST = "specialist", _("Service specialist")
    LEADER = "leader", _("Head of office")
    MANAGER = "manager", _("Unit administrator")


class ChainStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class BatchKind(models.TextChoices):
    NOTICE = "notice", _("Public notice list")
    REPORT = "report", _("Report batch")
    SUMMARY = "summary", _("City summary batch")
    PAYOUT = "payout", _("Payment batch")


class ObjectionStatus(models.TextChoices):
    OPEN = "open", _("Under investigation")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


class DayKind(models.TextChoices):
    HOLIDAY = "holiday", _("Public holiday")
    WORKDAY = "workday", _("Make-up working day")


class JobState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class ScanStatus(models.TextChoices):
    NOT_SCANNED = "not_scanned", _("Not scanned for viruses")
    CLEAN = "clean", _("Scanned, clean")
    INFECTED = "infected", _("Infected")
