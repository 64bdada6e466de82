"""What a holder asks for after the card is issued: 变更, and the services that it carries."""

from django.urls import path

from talent.views import change, services

urlpatterns = [
    path("cards/changes/", change.changes, name="changes"),
    path("cards/changes/new/", change.change_create, name="change_create"),
    path("cards/changes/<int:pk>/", change.change_edit, name="change_edit"),
    path("cards/changes/<int:pk>/check/", change.change_check, name="change_check"),
    path("cards/changes/<int:pk>/submitted/", change.change_submitted, name="change_submitted"),
    path("cards/services/", services.services, name="services"),
    path("cards/services/new/", services.request_create, name="request_create"),
    path("cards/services/statistics/", services.service_statistics, name="service_statistics"),
    path("cards/services/<int:pk>/", services.request_state, name="request_state"),
    path("cards/services/<int:pk>/form/", services.request_edit, name="request_edit"),
    path("cards/services/<int:pk>/check/", services.request_check, name="request_check"),
    path("cards/services/<int:pk>/evaluate/", services.request_evaluate, name="request_evaluate"),
]
