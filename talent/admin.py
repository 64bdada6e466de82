from django.contrib import admin

from talent.models import Education, WorkExperience
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
