from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from accounts.enums import TermsKind
from accounts.views.language import set_language
from accounts.views.texts import text
from portal import views

portal_urls = (
    [
        path("", views.hall, name="hall"),
        path("home/", views.home, name="home"),
        path("accessibility/", views.accessibility, name="accessibility"),
        path("privacy/", views.privacy, name="privacy"),
        path("terms/", text, {"kind": TermsKind.AGREEMENT.value}, name="terms"),
        path("help/", views.help_centre, name="help"),
        path("demo/clock/", views.move_clock, name="move_clock"),
        path("demo/sign-in/<slug:username>/", views.demo_sign_in, name="demo_sign_in"),
        path("demo/inbox/", views.demo_inbox, name="demo_inbox"),
    ],
    "portal",
)

admin.site.site_header = admin.site.site_title = _("Tongban: administration")

urlpatterns = [
    # The pages that offices ask for all day are found first.
    path("", include("workflow.urls")),
    path("admin/", admin.site.urls),
    path("captcha/", include("captcha.urls")),
    path("language/", set_language, name="set_language"),
    path("", include(portal_urls)),
    path("", include("accounts.urls")),
    path("", include("talent.urls")),
    path("", include("subsidies.urls")),
]
handler500 = "portal.errors.server_error"
