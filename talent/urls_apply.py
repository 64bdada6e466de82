"""The pages on which a person applies, of any service; and the 服务专员 of 渤海英才卡申请."""

from typing import Any

from django.urls import URLPattern, path

from talent.applying import ApplicationService
from talent.card_applying import CARD
from talent.views import application, specialist


def application_urls(service: ApplicationService[Any, Any], where: str) -> list[URLPattern]:
    """``where``: the first part of their paths."""
    pages = (
        ("", application.start, "start"),
        ("new/", application.create, "create"),
        ("mine/", application.applications, "list"),
        ("<int:pk>/", application.edit, "edit"),
        ("<int:pk>/autosave/", application.autosave, "autosave"),
        ("<int:pk>/materials/", application.materials, "materials"),
        ("<int:pk>/check/", application.check, "check"),
        ("<int:pk>/submitted/", application.submitted, "submitted"),
        ("<int:pk>/copy/", application.copy, "copy"),
    )
    names = {page: name.partition(":")[2] for page, name in service.urls.items()}
    return [path(f"{where}/{rest}", view, {"service": service}, name=names[page]) for rest, view, page in pages]


urlpatterns = [
    *application_urls(CARD, "talent-card"),
    path("talent-card/<int:pk>/specialist/", specialist.specialist, name="specialist"),
]
