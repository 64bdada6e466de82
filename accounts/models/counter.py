"""业务经办窗口: accounts opened there, what they may do, passwords handed out there, and the record of it all."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import CounterDeed, CounterSubject, ResetState
from workflow.codelists import DOCUMENT_KINDS
from workflow.enums import ScanStatus
from workflow.fields import EncryptedTextField
from workflow.models import Organisation
from workflow.triggers import purgeable


class Reception(models.Model):
    """Somebody came to a counter with papers; an officer looked at them."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    counter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("counter"))
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("accepted by")
    )
    subject = models.CharField(_("kind of account holder"), max_length=12, choices=CounterSubject.choices)
    # Who came: the person concerned, or the agent of the employer.
    agent = models.CharField(_("agent"), max_length=50)
    document_kind = models.CharField(_("kind of document"), max_length=2, choices=DOCUMENT_KINDS.choices, default="01")
    number: models.Field[str, str] = EncryptedTextField(_("document number"), max_length=30)
    # Keys of the papers that the officer saw (accounts.counter_papers).
    papers = models.JSONField(_("papers seen"), default=list)
    at = models.DateTimeField(_("accepted at"))

    class Meta:
        abstract = True


class CounterOpeningQuerySet(models.QuerySet["CounterOpening"]):
    def of_counter(self, counter: Organisation | None) -> CounterOpeningQuerySet:
        return self.filter(counter=counter)

    def with_token(self, token: uuid.UUID) -> CounterOpening | None:
        return self.filter(token=token).first()

    def whole(self) -> CounterOpeningQuerySet:
        return self.select_related("counter__region", "officer", "user", "organisation__parent", "scan", "sheet")


class CounterOpening(Reception):
    """开户受理: one account and what it was opened with."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="opening", verbose_name=_("account")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("employer")
    )
    # Of the employer or the person, as the papers say.
    name = models.CharField(_("name"), max_length=100)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    social_number = models.CharField(_("social insurance number"), max_length=30, blank=True)
    phone: models.Field[str, str] = EncryptedTextField(_("mobile number"), max_length=20)
    # By a code; where the portal sends none, the phone is a contact and signs nobody in.
    phone_proved = models.BooleanField(_("mobile number proved"))
    valid_until: models.Field[date | None, date | None] = models.DateField(_("last day of validity"), null=True)

    objects = CounterOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("account opened at a counter")
        verbose_name_plural = _("accounts opened at a counter")
        indexes = [models.Index(fields=["counter", "id"], name="opening_of_counter")]

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """授权事项: an account opened at a counter may do this, and nothing that was not granted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="grants", verbose_name=_("account"))
    case_type = models.CharField(_("item"), max_length=40)
    granted_at = models.DateTimeField(_("granted at"))

    class Meta:
        verbose_name = _("granted item")
        verbose_name_plural = _("granted items")
        constraints = [models.UniqueConstraint(fields=["user", "case_type"], name="grant_once")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.case_type}"


class CounterResetQuerySet(models.QuerySet["CounterReset"]):
    def of_counter(self, counter: Organisation | None) -> CounterResetQuerySet:
        return self.filter(counter=counter)

    def with_token(self, token: uuid.UUID) -> CounterReset | None:
        return self.filter(token=token).first()

    def waiting(self) -> CounterResetQuerySet:
        """For the second officer; they may have run out of time since."""
        return self.filter(state=ResetState.WAITING)

    def waiting_for(self, *officers: int | None) -> CounterResetQuerySet:
        """For other eyes than those that have accepted it, and than its owner's."""
        hands = [officer for officer in officers if officer is not None]
        others = self.waiting().exclude(officer__in=hands).exclude(stood_in_for__in=hands)
        return others.exclude(user__in=hands)

    def in_time(self, now: datetime) -> CounterResetQuerySet:
        return self.filter(closes_at__gt=now)

    def overdue(self, now: datetime) -> CounterResetQuerySet:
        return self.waiting().filter(closes_at__lte=now)

    def whole(self) -> CounterResetQuerySet:
        return self.select_related("counter__region", "officer", "second", "user__person", "scan", "sheet")


class CounterReset(Reception):
    """密码重置受理: one officer accepts it, another one of the same counter confirms it. Times are the machine's."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="counter_resets", verbose_name=_("account")
    )
    # In whose seat the officer acted, where it was a stand-in.
    stood_in_for = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=ResetState.choices, default=ResetState.WAITING)
    closes_at: models.Field[datetime, datetime] = models.DateTimeField(_("to be confirmed by"))
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    # Why it was accepted although who came is not who is registered.
    ground = models.CharField(_("ground of the difference"), max_length=200, blank=True, default="", db_default="")

    objects = CounterResetQuerySet.as_manager()

    class Meta:
        verbose_name = _("reset of a password at a counter")
        verbose_name_plural = _("resets of passwords at a counter")
        indexes = [models.Index(fields=["counter", "id"], name="reset_of_counter")]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(state=ResetState.WAITING), name="reset_one_waiting"),
            # Four eyes: the database lets nobody confirm what they have accepted.
            models.CheckConstraint(
                condition=~Q(state=ResetState.CONFIRMED) | Q(second__isnull=False) & ~Q(second=F("officer")),
                name="reset_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ResetState.DECLINED, ResetState.CANCELLED]) | ~Q(reason=""),
                name="reset_ended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.state}"


class CounterSheetQuerySet(models.QuerySet["CounterSheet"]):
    def of_counter(self, counter: Organisation | None) -> CounterSheetQuerySet:
        return self.filter(counter=counter).select_related("user__person", "counter__region", "opening", "reset")

    def printed_for(self, user_id: int) -> CounterSheet | None:
        return self.filter(user=user_id).exclude(printed_at=None).order_by("-printed_at").first()


class CounterSheet(models.Model):
    """账号告知单: the password is made while it is printed, and it is printed once. Times are the machine's."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    counter = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sheets")
    opening = models.OneToOneField(CounterOpening, models.PROTECT, null=True, related_name="sheet")
    reset = models.OneToOneField(CounterReset, models.PROTECT, null=True, related_name="sheet")
    print_until: models.Field[datetime, datetime] = models.DateTimeField(_("to be printed by"))
    printed_at: models.Field[datetime | None, datetime | None] = models.DateTimeField(_("printed at"), null=True)
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("printed by")
    )
    # Until then the password on it opens the account, if it was not changed before.
    good_until: models.Field[datetime | None, datetime | None] = models.DateTimeField(
        _("password good until"), null=True
    )

    objects = CounterSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("account notice")
        verbose_name_plural = _("account notices")
        constraints = [
            models.CheckConstraint(
                condition=Q(opening__isnull=False, reset=None) | Q(opening=None, reset__isnull=False),
                name="sheet_of_one",
            ),
            models.CheckConstraint(
                condition=Q(printed_at=None, printed_by=None, good_until=None)
                | Q(printed_at__isnull=False, printed_by__isnull=False, good_until__isnull=False),
                name="sheet_printed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.printed_at or ''}"


def stored_name(scan: CounterScan, filename: str) -> str:
    """A random name: what people called the file is kept in the row, never in a path."""
    return f"counter/{scan.token.hex[:2]}/{scan.token.hex}"


class CounterScanQuerySet(models.QuerySet["CounterScan"]):
    def of_counter(self, counter: Organisation | None) -> CounterScanQuerySet:
        return self.filter(Q(opening__counter=counter) | Q(reset__counter=counter))


class CounterScan(models.Model):
    """The signed paper: the agreement, or the form that asks for a new password."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    opening = models.OneToOneField(CounterOpening, models.PROTECT, null=True, related_name="scan")
    reset = models.OneToOneField(CounterReset, models.PROTECT, null=True, related_name="scan")
    name = models.CharField(_("file name"), max_length=200)
    file = models.FileField(upload_to=stored_name, max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=20, choices=ScanStatus.choices, default=ScanStatus.NOT_SCANNED)
    uploaded_at = models.DateTimeField(_("uploaded at"))

    objects = CounterScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper signed at a counter")
        verbose_name_plural = _("papers signed at a counter")
        constraints = [
            models.CheckConstraint(
                condition=Q(opening__isnull=False, reset=None) | Q(opening=None, reset__isnull=False),
                name="scan_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CounterEventQuerySet(models.QuerySet["CounterEvent"]):
    def of_opening(self, opening: CounterOpening) -> CounterEventQuerySet:
        return self.filter(opening=opening).select_related("officer").order_by("id")

    def of_reset(self, reset: CounterReset) -> CounterEventQuerySet:
        return self.filter(reset=reset).select_related("officer").order_by("id")


class CounterEvent(models.Model):
    """What was done at a counter. Append-only: triggers in both databases."""

    counter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("counter"))
    # Empty: the system, when time ran out.
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("officer")
    )
    deed = models.CharField(_("what was done"), max_length=12, choices=CounterDeed.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("account")
    )
    opening = models.ForeignKey(CounterOpening, models.PROTECT, null=True, related_name="events")
    reset = models.ForeignKey(CounterReset, models.PROTECT, null=True, related_name="events")
    at = models.DateTimeField(_("time"))

    objects = CounterEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("deed at a counter")
        verbose_name_plural = _("deeds at counters")

    def __str__(self) -> str:
        return f"{self.counter_id} · {self.deed}"


purgeable("accounts_counterevent")
