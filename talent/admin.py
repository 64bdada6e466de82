from django.contrib import admin

from talent.models import (
    CardCategory,
    CardPaper,
    CardScheme,
    CardService,
    Education,
    Proof,
    SpecialistChange,
    SummaryBatch,
    WorkExperience,
)
from workflow.middleware import ActorRequest


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """The facts are the person's: administrators may look."""

    def has_add_permission(self, request: ActorRequest) -> bool:  # type: ignore[override]
        return False

    def has_change_permission(self, request: ActorRequest, obj: object = None) -> bool:  # type: ignore[override]
        return False

    def has_delete_permission(self, request: ActorRequest, obj: object = None) -> bool:  # type: ignore[override]
        return False


@admin.register(Education)
class EducationAdmin(ReadOnly):
    list_display = ("person", "level", "school", "graduated_on", "full_time")
    list_filter = ("level", "full_time")
    list_select_related = ("person",)


@admin.register(WorkExperience)
class WorkExperienceAdmin(ReadOnly):
    list_display = ("person", "unit_name", "position", "joined_on", "left_on")
    list_select_related = ("person",)


@admin.register(Proof)
class ProofAdmin(ReadOnly):
    """The document wallet: which papers are kept and until when they are good. The files are their owners'."""

    list_display = ("person", "kind", "work", "education", "valid_until", "warned_on")
    list_filter = ("kind",)
    list_select_related = ("person", "work", "education")
    date_hierarchy = "valid_until"
    fields = ("person", "kind", "work", "education", "valid_until", "warned_on")


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
    inlines = (CategoryInline, CardPaperInline, CardServiceInline)

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
