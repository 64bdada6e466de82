from django.urls import path

from accounts.views import data_requests, my_data

urlpatterns = [
    path("", my_data.my_data, name="my_data"),
    path("held/<slug:key>/", my_data.my_data_section, name="my_data_section"),
    path("export/", my_data.my_data_export, name="my_data_export"),
    path("looks/", my_data.my_data_looks, name="my_data_looks"),
    path("correction/", my_data.data_correction, name="data_correction"),
    path("deletion/", my_data.data_deletion, name="data_deletion"),
    path("requests/<int:pk>/take-back/", my_data.data_request_take_back, name="data_request_take_back"),
    path("consents/<int:pk>/withdraw/", my_data.consent_withdraw, name="consent_withdraw"),
    path("requests/", data_requests.data_requests, name="data_requests"),
    path("requests/<int:pk>/", data_requests.data_request, name="data_request"),
]
