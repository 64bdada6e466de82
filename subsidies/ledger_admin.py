"""The ledger in the administration: to be read, never to be written."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import ReadOnly
from subsidies.models import AccountCorrection, Allocation, Arrival, Bounce, Payment, PaymentStop


@admin.register(Allocation)
class AllocationAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("case", "amount", "city_share", "county_share", "document", "voucher", "paid_on")
    list_select_related = ("case",)
    date_hierarchy = "paid_on"


@admin.register(Payment)
class PaymentAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("case", "amount", "attempt", "voucher", "paid_on", "holder_name", "masked")
    list_select_related = ("case",)
    exclude = ("account",)
    date_hierarchy = "paid_on"


@admin.register(Arrival)
class ArrivalAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("payment", "arrived_on", "actor", "at")
    list_select_related = ("payment", "actor")


@admin.register(Bounce)
class BounceAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("payment", "reason", "bounced_on", "actor", "at")
    list_select_related = ("payment", "actor")


@admin.register(AccountCorrection)
class AccountCorrectionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("bounce", "holder_name", "bank", "branch", "masked", "actor", "at")
    list_select_related = ("bounce", "actor")
    exclude = ("account",)


@admin.register(PaymentStop)
class PaymentStopAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("person", "starts_on", "reason", "status", "lifted_on", "organisation")
    list_select_related = ("person", "organisation")
    list_filter = ("status",)
