"""渤海英才卡申请, and the 服务专员 of one."""

from django.urls import path

from talent.views import application, specialist

urlpatterns = [
    path("talent-card/", application.apply_start, name="apply_start"),
    path("talent-card/new/", application.apply_create, name="apply_create"),
    path("talent-card/mine/", application.apply_list, name="apply_list"),
    path("talent-card/<int:pk>/", application.apply_edit, name="apply_edit"),
    path("talent-card/<int:pk>/autosave/", application.apply_autosave, name="apply_autosave"),
    path("talent-card/<int:pk>/materials/", application.apply_materials, name="apply_materials"),
    path("talent-card/<int:pk>/check/", application.apply_check, name="apply_check"),
    path("talent-card/<int:pk>/submitted/", application.apply_submitted, name="apply_submitted"),
    path("talent-card/<int:pk>/copy/", application.apply_copy, name="apply_copy"),
    path("talent-card/<int:pk>/specialist/", specialist.specialist, name="specialist"),
]
