"""保存期限: what is kept how long and why, what went, and who opened whose papers."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.admin.bases import ModelAdmin
from workflow.admin.records import ReadOnlyAdmin
from workflow.models import PaperLook, Purge, RetentionRule
from workflow.presentation.times import day_text, minute_text
from workflow.retention import retention_classes
from workflow.services.retention import Standing, standing_of


@admin.register(RetentionRule)
class RetentionRuleAdmin(ModelAdmin):
    list_display = ["label", "kept", "required", "rows", "oldest", "next_purge", "basis"]
    fields = ["label", "basis", "required", "keep_days", "rows", "oldest", "next_purge", "purged_on"]
    readonly_fields = ["label", "basis", "required", "rows", "oldest", "next_purge", "purged_on"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: RetentionRule | None = None) -> bool:
        is_fixed = obj is not None and obj.keep_days is None
        return not is_fixed and super().has_change_permission(request, obj)

    def _standing(self, rule: RetentionRule) -> Standing:
        # The page asks once for each of its columns.
        known: Standing | None = getattr(rule, "standing", None)
        if known is None:
            known = standing_of(rule)
            rule.standing = known  # type: ignore[attr-defined]
        return known

    @admin.display(description=gettext_lazy("class of data"))
    def label(self, rule: RetentionRule) -> str:
        return str(self._standing(rule).label)

    @admin.display(description=gettext_lazy("legal basis"))
    def basis(self, rule: RetentionRule) -> str:
        return str(self._standing(rule).basis)

    @admin.display(description=gettext_lazy("kept"), ordering="keep_days")
    def kept(self, rule: RetentionRule) -> str:
        return _("for good") if rule.keep_days is None else _("%(days)s days") % {"days": rule.keep_days}

    @admin.display(description=gettext_lazy("required by law"))
    def required(self, rule: RetentionRule) -> str:
        return _("%(days)s days") % {"days": rule.minimum_days} if rule.minimum_days > 1 else "—"

    @admin.display(description=gettext_lazy("rows"))
    def rows(self, rule: RetentionRule) -> int:
        return self._standing(rule).rows

    @admin.display(description=gettext_lazy("oldest row"))
    def oldest(self, rule: RetentionRule) -> str:
        return minute_text(self._standing(rule).oldest) or "—"

    @admin.display(description=gettext_lazy("next purge"))
    def next_purge(self, rule: RetentionRule) -> str:
        return day_text(self._standing(rule).next_purge) or "—"


@admin.register(Purge)
class PurgeAdmin(ReadOnlyAdmin):
    list_display = ["at", "what", "rows", "older_than", "oldest", "keep_days"]
    list_filter = ["rule"]

    @admin.display(description=gettext_lazy("class of data"))
    def what(self, purge: Purge) -> str:
        kind = retention_classes.get(purge.rule_id)
        return str(kind.label) if kind is not None else purge.rule_id


@admin.register(PaperLook)
class PaperLookAdmin(ReadOnlyAdmin):
    list_display = ["at", "viewer", "organisation", "owner", "case", "kind", "how"]
    list_select_related = ["viewer", "organisation", "owner", "case"]
