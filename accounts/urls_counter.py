"""The addresses of a counter's officers; the names stand among those of accounts."""

from django.urls import path

from accounts.views import counter_openings, counter_papers, counter_resets

urlpatterns = [
    path("openings/", counter_openings.counter_openings, name="counter_openings"),
    path("openings/new/", counter_openings.counter_open, name="counter_open"),
    path("openings/agreement/", counter_openings.counter_agreement, name="counter_agreement"),
    path("openings/<uuid:token>/", counter_openings.counter_opening, name="counter_opening"),
    path("sheets/<uuid:token>/", counter_papers.counter_sheet, name="counter_sheet"),
    path("scans/<uuid:token>/<int:page>/", counter_papers.counter_scan, name="counter_scan"),
    path("resets/", counter_resets.counter_resets, name="counter_resets"),
    path("resets/new/", counter_resets.counter_reset_find, name="counter_reset_find"),
    path("resets/new/<str:ref>/", counter_resets.counter_reset_new, name="counter_reset_new"),
    path("resets/new/<str:ref>/form/", counter_resets.counter_reset_form, name="counter_reset_form"),
    path("resets/<uuid:token>/", counter_resets.counter_reset, name="counter_reset"),
    path("resets/<uuid:token>/confirm/", counter_resets.counter_reset_confirm, name="counter_reset_confirm"),
    path("resets/<uuid:token>/end/", counter_resets.counter_reset_end, name="counter_reset_end"),
]
