"""渤海英才卡申请: the live form of one case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, User
from talent.enums import Arrival
from workflow.actors import Actor
from workflow.codelists import CONTRACT_KIND
from workflow.enums import State
from workflow.fields import EncryptedJSONField, EncryptedTextField
from workflow.models import Case

from .scheme import CardCategory, CardScheme

if TYPE_CHECKING:
    Secret = models.Field[str, str]
    OptionalDay = models.Field[date | None, date | None]


# Permanent residence card and passport.
FOREIGN_DOCUMENTS = ("05", "06")


class CardApplicationQuerySet(models.QuerySet["CardApplication"]):
    def visible_to(self, actor: Actor) -> CardApplicationQuerySet:
        return self.filter(case__in=Case.objects.visible_to(actor).values("pk"))

    def mine(self, actor: Actor) -> CardApplicationQuerySet:
        """The person's own, newest first; nobody else fills in a form."""
        if not actor.is_person:
            return self.none()
        return (
            self.filter(case__applicant_id=actor.user_id)
            .select_related("case", "scheme", "category")
            .order_by("-case_id")
        )

    def last_filed_by(self, person: Person) -> CardApplication | None:
        return self.filter(person=person).exclude(case__number="").order_by("-case_id").first()

    def under_way(self, person: Person) -> CardApplicationQuerySet:
        """Filed and not yet decided; a returned one is under way too."""
        open_states = (State.IN_REVIEW, State.RETURNED)
        return self.filter(person=person, case__state__in=open_states).select_related("case").order_by("case_id")

    def load_of(self, specialists: Iterable[User]) -> dict[int, int]:
        """{specialist: how many applications under way}"""
        mine = self.filter(specialist__in=specialists, case__state__in=(State.IN_REVIEW, State.RETURNED))
        return dict(mine.values_list("specialist").annotate(models.Count("pk")))

    def of_cases(self, cases: Iterable[Case]) -> CardApplicationQuerySet:
        return self.filter(case__in=cases)

    def of_foreigners(self, cases: Iterable[Case]) -> CardApplicationQuerySet:
        """By the nationality of the talent space, or by a passport or permanent residence card."""
        abroad = ~Q(person__talent_profile__nationality__in=("", "CN")) & Q(person__talent_profile__isnull=False)
        return self.of_cases(cases).filter(abroad | Q(person__document_kind__in=FOREIGN_DOCUMENTS))

    def whole(self) -> CardApplicationQuerySet:
        """With everything that rules and filing read; the number of queries does not grow with the rows."""
        return self.select_related(
            "case__unit__profile",
            "case__region",
            "person__household",
            "person__unit__profile",
            "person__unit__region",
            "person__talent_profile",
            "category",
            "specialist",
        ).prefetch_related(
            "scheme__categories",
            "scheme__papers",
            "person__educations",
            "person__work_experiences",
            "person__honours",
            "person__projects",
            "person__family",
        )


class CardApplication(models.Model):
    """What the card asks beside the talent space; columns are empty until the person fills them in (spec 4.7)."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="card_application")
    scheme = models.ForeignKey(CardScheme, models.PROTECT, related_name="applications", verbose_name=_("card scheme"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="card_applications", verbose_name=_("person"))
    # 工作情况
    department = models.CharField(_("department"), max_length=60, blank=True)
    position = models.CharField(_("position held"), max_length=60, blank=True)
    arrival = models.CharField(_("way of recruitment"), max_length=12, choices=Arrival.choices, blank=True)
    arrived_on: OptionalDay = models.DateField(_("came to this city on"), null=True, blank=True)
    contract_kind = models.CharField(
        _("kind of labour contract"), max_length=1, choices=CONTRACT_KIND.choices, blank=True
    )
    contract_start: OptionalDay = models.DateField(_("labour contract from"), null=True, blank=True)
    contract_end: OptionalDay = models.DateField(_("labour contract until"), null=True, blank=True)
    # 万元, as typed: a salary is nobody's business in plain text.
    salary: Secret = EncryptedTextField(_("yearly salary (10,000 yuan)"), max_length=12, blank=True, default="")
    # A month, written as its first day.
    insured_from: OptionalDay = models.DateField(_("social insurance from"), null=True, blank=True)
    # 人才类别
    category = models.ForeignKey(
        CardCategory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category of application")
    )
    evidence = models.CharField(_("document that recognises it"), max_length=120, blank=True)
    achievements = models.TextField(_("main achievements"), max_length=1000, blank=True)
    # 服务专员 of the county bureau, chosen by the system and changed by the bureau.
    specialist = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("service specialist")
    )
    # 承诺
    pledged = models.BooleanField(_("pledge of truthfulness"), default=False)
    # What was typed in a draft and cannot be read yet: nothing is lost, {field: text}.
    typed: models.Field[Any, Any] = EncryptedJSONField(default=dict, blank=True)
    saved_at = models.DateTimeField(_("saved at"), null=True, editable=False)

    objects = CardApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application for the talent card")
        verbose_name_plural = _("applications for the talent card")
        constraints = [
            models.CheckConstraint(
                condition=Q(contract_end=None) | Q(contract_start=None) | Q(contract_end__gte=F("contract_start")),
                name="card_contract_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)

    @property
    def level(self) -> str:
        """申报卡类型 follows from the category."""
        return self.category.level if self.category is not None else ""
