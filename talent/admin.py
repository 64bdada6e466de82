from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from talent.enums import BOHAI_CARD
from talent.models import (
    Card,
    CardCategory,
    CardPaper,
    CardScheme,
    CardService,
    SigningKey,
    SpecialistChange,
    SummaryBatch,
)
from workflow import clock
from workflow.admin.chains import days_of_chain
from workflow.middleware import ActorRequest

SHOWN = 200


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """What services write by themselves: administrators may look.

    Facts and papers of persons have no page here: offices read them in filings, and the person learns of every look.
    """

    def has_add_permission(self, request: ActorRequest) -> bool:  # type: ignore[override]
        return False

    def has_change_permission(self, request: ActorRequest, obj: object = None) -> bool:  # type: ignore[override]
        return False

    def has_delete_permission(self, request: ActorRequest, obj: object = None) -> bool:  # type: ignore[override]
        return False


class CategoryInline(admin.TabularInline):  # type: ignore[type-arg]
    model = CardCategory
    extra = 0


class CardPaperInline(admin.TabularInline):  # type: ignore[type-arg]
    model = CardPaper
    extra = 0


class CardServiceInline(admin.TabularInline):  # type: ignore[type-arg]
    model = CardService
    extra = 0


@admin.register(CardScheme)
class CardSchemeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Categories, levels, papers, validity and services of a card. What is filed keeps what it was filed with."""

    list_display = ("name", "region", "valid_from", "valid_until", "validity_years", "require_summary")
    list_select_related = ("region",)
    raw_id_fields = ("region",)
    readonly_fields = ("working_days",)
    inlines = (CategoryInline, CardPaperInline, CardServiceInline)

    @admin.display(description=_("working days per stage"))
    def working_days(self, scheme: CardScheme) -> str:
        return days_of_chain(BOHAI_CARD)

    def has_delete_permission(self, request: ActorRequest, obj: CardScheme | None = None) -> bool:  # type: ignore[override]
        """A scheme that somebody applied under ends by its last day."""
        return obj is None or not obj.applications.exists()


@admin.register(SpecialistChange)
class SpecialistChangeAdmin(ReadOnly):
    list_display = ("case", "before", "after", "by", "at")
    list_select_related = ("case", "before", "after", "by")


@admin.register(SummaryBatch)
class SummaryBatchAdmin(ReadOnly):
    """汇总表: employers make them, county bureaus return them; administrators may look."""

    list_display = ("number", "unit", "exported_by", "exported_at")
    list_select_related = ("unit", "exported_by")
    search_fields = ("number",)


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnly):
    """Keys of the cards' codes: made, rotated and revoked by rotate_card_keys; no page shows a private half."""

    list_display = ("id", "state", "created_at", "ended_at", "cards_concerned")
    fields = ("state", "created_at", "ended_at", "public", "cards_concerned", "numbers")
    readonly_fields = ("cards_concerned", "numbers")

    @admin.display(description=_("cards in use with a code of this key"))
    def cards_concerned(self, key: SigningKey) -> int:
        return Card.objects.signed_by(key, clock.today()).count()

    @admin.display(description=_("their numbers"))
    def numbers(self, key: SigningKey) -> str:
        """The first of them; the command lists all."""
        numbers = Card.objects.signed_by(key, clock.today()).order_by("number").values_list("number", flat=True)
        return ", ".join(numbers[:SHOWN])
