from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from subsidies import ledger_admin
from subsidies.enums import GRADUATE_RENT
from subsidies.models import Intake, MonthClaim, Programme, ProgrammeLevel, ProgrammePaper
from workflow.admin.chains import days_of_chain
from workflow.middleware import ActorRequest

# The ledger is read there.
__all__ = ["ledger_admin"]


class LevelInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ProgrammeLevel
    extra = 0


class PaperInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ProgrammePaper
    extra = 0


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Amounts, conditions, papers and times of a subsidy. What is filed already keeps what it was filed with."""

    list_display = ("name", "region", "valid_from", "valid_until", "max_months", "batch_by", "demo_amounts")
    list_select_related = ("region",)
    list_filter = ("demo_amounts", "family")
    raw_id_fields = ("region",)
    readonly_fields = ("working_days",)
    inlines = (LevelInline, PaperInline)

    @admin.display(description=_("working days per stage"))
    def working_days(self, programme: Programme) -> str:
        return days_of_chain(GRADUATE_RENT)

    def has_delete_permission(self, request: ActorRequest, obj: Programme | None = None) -> bool:  # type: ignore[override]
        """A programme that somebody applied under ends by its last day."""
        return obj is None or not obj.applications.exists()


class KeptByServices(admin.ModelAdmin):  # type: ignore[type-arg]
    def has_add_permission(self, request: ActorRequest) -> bool:  # type: ignore[override]
        return False

    def has_change_permission(self, request: ActorRequest, obj: object = None) -> bool:  # type: ignore[override]
        return False

    def has_delete_permission(self, request: ActorRequest, obj: object = None) -> bool:  # type: ignore[override]
        return False


@admin.register(Intake)
class IntakeAdmin(KeptByServices):
    """Opened by the first application that is filed in it; the programme says by what time they are gathered."""

    list_display = ("code", "__str__", "starts_on", "ends_on")


@admin.register(MonthClaim)
class MonthClaimAdmin(KeptByServices):
    """Who holds which month; kept by the services alone."""

    list_display = ("person", "family", "month", "case")
    list_select_related = ("person", "case")
    list_filter = ("family",)
