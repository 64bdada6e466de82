from __future__ import annotations

from allauth.idp.oidc.views import authorization
from django import forms
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from tools.identity_provider.citizens import PASSWORD, citizens


class SignInForm(forms.Form):
    account = forms.ChoiceField(label="账户", widget=forms.RadioSelect)
    password = forms.CharField(label="密码", strip=False, widget=forms.PasswordInput(render_value=True))


def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None, initial={"account": next(iter(citizens)), "password": PASSWORD})
    field = form.fields["account"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(citizen.account, citizen.label) for citizen in citizens.values()]
    onwards = request.GET.get("next", "")
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, username=form.cleaned_data["account"], password=form.cleaned_data["password"])
        if user is not None and url_has_allowed_host_and_scheme(onwards, None):
            login(request, user)
            return redirect(onwards)
        form.add_error("password", "密码不正确。")
    return render(request, "identity_provider/sign_in.html", {"form": form, "password": PASSWORD})


def authorise(request: HttpRequest) -> HttpResponse:
    """Everybody is asked every time, so that one browser can try all of them."""
    query = request.GET.copy()
    if query.pop("prompt", None):
        return redirect(f"{request.path}?{query.urlencode()}")
    response: HttpResponse = authorization(request)
    if request.user.is_authenticated:
        logout(request)
    return response
