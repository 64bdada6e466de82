"""The money beside the case: allocated by the city, paid by the county, bounced, corrected, paid again. Append-only."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from subsidies.enums import StopStatus
from workflow.actors import Actor
from workflow.fields import EncryptedTextField
from workflow.models import Act, Case, Organisation
from workflow.triggers import append_only


class LedgerEntry(models.Model):
    """Who wrote it, for which office, when."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("entered at"))

    class Meta:
        abstract = True


class BankAccount(models.Model):
    """Where money goes: the number encrypted, its last four digits for the eye."""

    holder_name = models.CharField(_("account holder"), max_length=50)
    bank = models.CharField(_("bank"), max_length=60)
    branch = models.CharField(_("branch"), max_length=100)
    account = EncryptedTextField(_("account number"))
    last4 = models.CharField(_("last four digits"), max_length=4)

    class Meta:
        abstract = True

    @property
    def masked(self) -> str:
        return f"**** {self.last4}"


class Allocation(LedgerEntry):
    """市级指标: what the city finance bureau has allocated for one case, and who bears which share."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="allocation")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    city_share = models.DecimalField(_("borne by the city"), max_digits=12, decimal_places=2)
    document = models.CharField(_("allocation document no."), max_length=60)
    voucher = models.CharField(_("voucher no."), max_length=60)
    paid_on = models.DateField(_("date of payment"))
    act = models.ForeignKey(Act, models.PROTECT, related_name="allocations")

    class Meta:
        verbose_name = _("city allocation")
        verbose_name_plural = _("city allocations")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_positive"),
            models.CheckConstraint(
                condition=Q(city_share__gte=0, city_share__lte=F("amount")), name="allocation_share_within_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voucher} {self.amount}"

    @property
    def county_share(self) -> Decimal:
        """The rest: so the two shares always add up to the fen."""
        return self.amount - self.city_share


class PaymentQuerySet(models.QuerySet["Payment"]):
    def standing(self) -> PaymentQuerySet:
        """Payments that no bank has sent back."""
        return self.filter(bounce=None)

    def unanswered(self) -> PaymentQuerySet:
        """Payments of which the bank has said nothing yet."""
        return self.filter(bounce=None, arrival=None)

    def of_person(self, actor: Actor) -> PaymentQuerySet:
        """What was paid to whoever looks, newest first."""
        if not actor.is_person:
            return self.none()
        return self.filter(case__applicant_id=actor.user_id).with_bank_word().order_by("-id")

    def with_bank_word(self) -> PaymentQuerySet:
        return self.select_related("case", "bounce__retry", "arrival").prefetch_related("bounce__corrections")

    def made_by(self, organisation: Organisation | None) -> PaymentQuerySet:
        return self.filter(organisation=organisation)

    def in_hands_of(self, organisation: Organisation | None) -> PaymentQuerySet:
        """What this finance office has paid, newest first."""
        return self.made_by(organisation).with_bank_word().order_by("-id")


class Payment(LedgerEntry, BankAccount):
    """One attempt to pay one person, with a voucher of its own."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="payments")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    retry_of = models.OneToOneField("Bounce", models.PROTECT, null=True, related_name="retry")
    voucher = models.CharField(_("voucher no."), max_length=60)
    paid_on = models.DateField(_("date of payment"))
    # The decision of the county finance bureau; a repeated payment is no decision on the case.
    act = models.ForeignKey(Act, models.PROTECT, null=True, related_name="payments")

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["case", "attempt"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(retry_of=None), name="payment_once"),
            models.UniqueConstraint(fields=["case", "attempt"], name="payment_attempt_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive"),
            models.CheckConstraint(
                condition=Q(attempt=1, retry_of=None) | Q(attempt__gt=1, retry_of__isnull=False),
                name="payment_repeats_a_bounce",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voucher} {self.amount}"


class Arrival(LedgerEntry):
    """The bank's word that a payment has arrived."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="arrival")
    arrived_on = models.DateField(_("arrived on"))

    class Meta:
        verbose_name = _("arrival")
        verbose_name_plural = _("arrivals")


class BounceQuerySet(models.QuerySet["Bounce"]):
    def to_correct_by(self, actor: Actor) -> BounceQuerySet:
        """Own returned payments that have not been paid again."""
        if not actor.is_person:
            return self.none()
        return self.filter(payment__case__applicant_id=actor.user_id, retry=None).select_related("payment__case")

    def of_payer(self, organisation: Organisation | None) -> BounceQuerySet:
        return self.filter(payment__organisation=organisation).select_related("payment__case")

    def to_repeat_by(self, organisation: Organisation | None) -> BounceQuerySet:
        return self.of_payer(organisation).filter(retry=None)


class Bounce(LedgerEntry):
    """退票: the bank has sent a payment back."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="bounce")
    reason = models.CharField(_("reason"), max_length=200)
    bounced_on = models.DateField(_("returned on"))

    objects = BounceQuerySet.as_manager()

    class Meta:
        verbose_name = _("returned payment")
        verbose_name_plural = _("returned payments")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="bounce_has_reason")]

    def __str__(self) -> str:
        return self.reason


class AccountCorrection(LedgerEntry, BankAccount):
    """The account that the person gave after a payment came back; the latest one counts."""

    bounce = models.ForeignKey(Bounce, models.PROTECT, related_name="corrections")

    class Meta:
        ordering = ["bounce", "id"]
        verbose_name = _("corrected account")
        verbose_name_plural = _("corrected accounts")


class PaymentStopQuerySet(models.QuerySet["PaymentStop"]):
    def in_force(self, day: date) -> PaymentStopQuerySet:
        return self.filter(status=StopStatus.IN_FORCE, starts_on__lte=day)

    def of_cases(self, cases: Iterable[Case]) -> dict[int, str]:
        """{case pk: the reason of the stop}, by the person who applied."""
        case = "person__rent_applications__case"
        return dict(self.filter(**{f"{case}__in": cases}).values_list(case, "reason"))

    def kept_by(self, organisation: Organisation | None) -> PaymentStopQuerySet:
        return self.filter(organisation=organisation).select_related("person", "actor", "lifted_by").order_by("-id")


class PaymentStop(LedgerEntry):
    """停发: a fact about the person, not a state of a case. Lifted, never deleted."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="payment_stops", verbose_name=_("person"))
    starts_on = models.DateField(_("stopped from"))
    reason = models.CharField(_("reason"), max_length=200)
    status = models.CharField(_("status"), max_length=12, choices=StopStatus.choices, default=StopStatus.IN_FORCE)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lifted_on = models.DateField(_("lifted on"), null=True)
    lifted_why = models.CharField(_("reason for lifting it"), max_length=200, blank=True)

    objects = PaymentStopQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("stop of payments")
        verbose_name_plural = _("stops of payments")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(status=StopStatus.IN_FORCE), name="payment_stop_once"
            ),
            models.CheckConstraint(
                condition=Q(status=StopStatus.IN_FORCE, lifted_on=None)
                | Q(status=StopStatus.LIFTED, lifted_on__isnull=False) & ~Q(lifted_why=""),
                name="payment_stop_lifted_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_on}"


LEDGER_TABLES = [model._meta.db_table for model in (Allocation, Payment, Arrival, Bounce, AccountCorrection)]
for _table in LEDGER_TABLES:
    append_only(_table)
