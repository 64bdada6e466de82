"""渤海英才卡: the card that a person holds, and everything that ever happened to it (spec 4.10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Person
from talent.enums import LIVING, CardEventKind, CardLevel, CardState
from workflow.actors import Actor
from workflow.enums import OrganisationKind
from workflow.models import Case, Material, Organisation, Region
from workflow.triggers import append_only

from .scheme import CardCategory, CardScheme

if TYPE_CHECKING:
    from .card_papers import PrintRun
    from .signing import SigningKey

    Day = models.Field[date, date]
    OptionalDay = models.Field[date | None, date | None]
    OptionalTime = models.Field[datetime | None, datetime | None]


class CardQuerySet(models.QuerySet["Card"]):
    def visible_to(self, actor: Actor) -> CardQuerySet:
        """The holder's own; those of the own people for an employer; those of the own county or city for a bureau."""
        if actor.is_system or not getattr(actor.user, "is_authenticated", False):
            return self.none()
        if actor.is_person:
            return self.filter(person__users=actor.user_id)
        assert actor.organisation is not None
        if actor.organisation.kind == OrganisationKind.UNIT:
            return self.filter(unit=actor.organisation)
        if actor.organisation.kind == OrganisationKind.COUNTY_HR:
            return self.filter(supervisor=actor.organisation)
        return self.kept_by(actor)

    def kept_by(self, actor: Actor) -> CardQuerySet:
        """The cards that this city bureau issues, prints, freezes and cancels."""
        office = actor.organisation
        if office is None or office.kind != OrganisationKind.CITY_HR:
            return self.none()
        return self.filter(region__lineage__contains=f"/{office.region_id}/")

    def new_editions_to_print(self, day: date) -> CardQuerySet:
        """Replaced, renewed or changed cards; the first edition waits in the queue of its application."""
        prints = apps.get_model("talent", "CardPrint")._default_manager
        printed = prints.filter(card=OuterRef("pk"), edition=OuterRef("edition"))
        return self.living().filter(~Exists(printed), edition__gt=1, valid_until__gte=day)

    def of(self, person: Person | int) -> CardQuerySet:
        return self.filter(person=person).order_by("-id")

    def living(self) -> CardQuerySet:
        """Neither run out nor cancelled; a lost or frozen card still belongs to its holder."""
        return self.filter(state__in=LIVING)

    def held_by(self, person: Person) -> Card | None:
        """The living one, else the last one."""
        rows = self.of(person).whole().select_related("person__unit").prefetch_related("person__work_experiences")
        return rows.living().first() or rows.first()

    def past_their_end(self, today: date) -> CardQuerySet:
        return self.living().filter(valid_until__lt=today)

    def left_behind(self) -> CardQuerySet:
        """Those whose holder has left the employer on the card, and has not reported the new one."""
        return self.living().exclude(left_unit_on=None)

    def of_cases(self, cases: Iterable[Case | int]) -> CardQuerySet:
        return self.filter(case__in=cases)

    def ticked(self, keys: Iterable[int]) -> CardQuerySet:
        return self.filter(pk__in=keys)

    def of_run(self, run: PrintRun) -> CardQuerySet:
        """The cards of one print run, in its order."""
        return self.filter(prints__run=run).order_by("prints__pk")

    def drawn_by(self, run: PrintRun, today: date) -> CardQuerySet:
        """Those that the run's file has: a card that is void by now, or in a later edition, is none of it."""
        same = self.filter(prints__run=run, prints__edition=F("edition")).order_by("prints__pk")
        return same.living().filter(valid_until__gte=today)

    def signed_by(self, key: SigningKey, today: date) -> CardQuerySet:
        """Those whose code of today's edition this key has signed, on plastic or on a screen."""
        codes = apps.get_model("talent", "SignedCode").objects.filter(key=key, card=OuterRef("pk"))
        return self.living().filter(Exists(codes.filter(edition=OuterRef("edition"))), valid_until__gte=today)

    def whole(self) -> CardQuerySet:
        """With everything that its pages and the printer show."""
        return self.select_related("case", "scheme", "person", "unit", "region", "category", "photo", "specialist")


class Card(models.Model):
    """One card of one person.

    ``number`` never changes. ``edition`` counts what was made of it: a renewal, a change of employer and a replacement
    raise it, and the code of every earlier edition is void. ``state`` follows from the times beside it, except that a
    daily job writes EXPIRED; so ask ``state_on``.
    """

    number = models.CharField(_("card number"), max_length=24, unique=True, editable=False)
    # The application by which it was issued.
    case = models.OneToOneField(Case, models.PROTECT, related_name="card", editable=False)
    scheme = models.ForeignKey(CardScheme, models.PROTECT, related_name="cards", verbose_name=_("card scheme"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="cards", verbose_name=_("person"))
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="cards", verbose_name=_("employer"))
    # 主管部门 and region of the employer: who looks after this card now.
    supervisor = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="supervised_cards", verbose_name=_("county bureau")
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="cards", verbose_name=_("region"))
    specialist = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("service specialist")
    )
    # As printed on the card: what was filed, not what the person's facts say today.
    name = models.CharField(_("name"), max_length=100)
    name_latin = models.CharField(_("name in Latin script"), max_length=100, blank=True)
    unit_name = models.CharField(_("employer"), max_length=200)
    level = models.CharField(_("type of card"), max_length=1, choices=CardLevel.choices)
    category = models.ForeignKey(
        CardCategory, models.PROTECT, null=True, related_name="+", verbose_name=_("category of application")
    )
    photo = models.ForeignKey(Material, models.PROTECT, null=True, related_name="+", verbose_name=_("photo"))
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    issued_at = models.DateTimeField(_("issued at"))
    valid_from: Day = models.DateField(_("valid from"))
    valid_until: Day = models.DateField(pgettext_lazy("paper", "valid until"))
    # Until when the labour contract runs; none where it is open-ended.
    contract_end: OptionalDay = models.DateField(_("labour contract until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=CardState.choices, default=CardState.VALID)
    lost_at: OptionalTime = models.DateTimeField(_("reported lost at"), null=True)
    frozen_at: OptionalTime = models.DateTimeField(_("frozen at"), null=True)
    cancelled_at: OptionalTime = models.DateTimeField(_("cancelled at"), null=True)
    # The day on which the portal saw that the holder no longer works there; a change of employer empties it.
    left_unit_on: OptionalDay = models.DateField(_("left the employer on"), null=True)

    objects = CardQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("talent card")
        verbose_name_plural = _("talent cards")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "scheme"], condition=Q(state__in=LIVING), name="card_one_living_of_a_person"
            ),
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="card_ends_after_start"),
            models.CheckConstraint(
                condition=Q(contract_end=None) | Q(valid_until__lte=F("contract_end")), name="card_within_contract"
            ),
            models.CheckConstraint(condition=Q(edition__gt=0), name="card_edition_counted"),
            models.CheckConstraint(
                condition=(
                    Q(state=CardState.CANCELLED, cancelled_at__isnull=False)
                    | Q(state=CardState.EXPIRED, cancelled_at=None)
                    | Q(state=CardState.FROZEN, cancelled_at=None, frozen_at__isnull=False)
                    | Q(state=CardState.LOST, cancelled_at=None, frozen_at=None, lost_at__isnull=False)
                    | Q(state=CardState.VALID, cancelled_at=None, frozen_at=None, lost_at=None)
                ),
                name="card_state_follows_its_times",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "-id"], name="card_of_region"),
            models.Index(fields=["valid_until"], condition=Q(state__in=LIVING), name="card_runs_out"),
        ]

    def __str__(self) -> str:
        return self.number

    def state_on(self, day: date) -> CardState:
        """What it is worth on this day, whether the daily job has passed by or not."""
        if self.cancelled_at is not None:
            return CardState.CANCELLED
        if self.valid_until < day:
            return CardState.EXPIRED
        if self.frozen_at is not None:
            return CardState.FROZEN
        return CardState.LOST if self.lost_at is not None else CardState.VALID

    def is_valid_on(self, day: date) -> bool:
        return self.state_on(day) == CardState.VALID


class CardEvent(models.Model):
    """What happened to a card, by whom and why; append-only.

    ``details``: what changed, as text: {"until": ["2027-01-01", "2030-01-01"], "unit": [old name, new name],
    "edition": [1, 2], "reason": ...}.
    """

    card = models.ForeignKey(Card, models.PROTECT, related_name="events")
    kind = models.CharField(_("what happened"), max_length=12, choices=CardEventKind.choices)
    at = models.DateTimeField(_("time"))
    # None: the system.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    # The case by which it was decided, where there is one.
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="card_events")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["card", "id"]
        verbose_name = _("event of a card")
        verbose_name_plural = _("events of cards")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CardEventKind.values), name="card_event_known"),
            models.CheckConstraint(
                condition=~Q(kind__in=["frozen", "released", "cancelled", "reprinted"]) | ~Q(reason=""),
                name="card_event_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.kind}"


append_only("talent_cardevent")
