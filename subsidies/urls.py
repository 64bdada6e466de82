from subsidies.rent_applying import RENT
from subsidies.urls_office import office_urls
from talent.urls_apply import application_urls

app_name = "subsidies"
urlpatterns = [
    *application_urls(RENT, "rent"),
    *office_urls,
]
