from django.urls import include, path

from tools.identity_provider import views

urlpatterns = [
    path("", views.sign_in, name="sign_in"),
    path("identity/o/authorize", views.authorise),
    path("", include("allauth.idp.urls")),
]
