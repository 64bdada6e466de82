from django.urls import path

from subsidies.urls_office import office_urls
from subsidies.views import application

app_name = "subsidies"
urlpatterns = [
    path("rent/", application.rent_start, name="rent_start"),
    path("rent/new/", application.rent_create, name="rent_create"),
    path("rent/mine/", application.rent_list, name="rent_list"),
    path("rent/<int:pk>/", application.rent_edit, name="rent_edit"),
    path("rent/<int:pk>/autosave/", application.rent_autosave, name="rent_autosave"),
    path("rent/<int:pk>/materials/", application.rent_materials, name="rent_materials"),
    path("rent/<int:pk>/check/", application.rent_check, name="rent_check"),
    path("rent/<int:pk>/submitted/", application.rent_submitted, name="rent_submitted"),
    path("rent/<int:pk>/copy/", application.rent_copy, name="rent_copy"),
    *office_urls,
]
