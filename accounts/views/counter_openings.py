"""【开户受理】, its register, the page of one opening, and the agreement to be signed."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.counter_pages import (
    deed_lines,
    notice_shape,
    opening_facts,
    openings_page,
    scan_pages,
)
from accounts.counter_papers import agreement_title, labels_of, papers_of
from accounts.counter_prints import pdf_answer, print_agreement
from accounts.counters import bureaus_of, city_of, is_counter
from accounts.enums import CounterSubject
from accounts.forms.counter import GrantForm, OpeningForm, PersonOpeningForm, UnitOpeningForm
from accounts.grants import granted_items, granted_keys
from accounts.models import CounterEvent, CounterOpening
from accounts.services.accounts import Taken
from accounts.services.codes import CodeRefused, using
from accounts.services.counter_openings import change_grants, open_account
from accounts.views.codes import asks_for_code, visitor_of
from accounts.views.register import add_errors
from workflow.doubts import show_doubts
from workflow.middleware import ActorRequest
from workflow.models import Organisation
from workflow.sealing import sealed_address


def counter_of(request: ActorRequest) -> Organisation:
    organisation = request.actor.organisation
    if organisation is None or not is_counter(request.actor):
        raise PermissionDenied(_("This page belongs to the officers of a counter."))
    return organisation


def read_token(request: ActorRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None


@require_http_methods(["GET", "POST"])
def counter_openings(request: ActorRequest) -> HttpResponse:
    """The register of the own counter; a posted filter comes back in the address."""
    counter = counter_of(request)
    if request.method == "POST":
        return redirect(sealed_address(request))
    return render(request, "accounts/counter_openings.html", {"page": openings_page(counter, request.GET)})


def _subject(request: ActorRequest) -> CounterSubject:
    wanted = request.GET.get("subject", "")
    return CounterSubject(wanted) if wanted in CounterSubject.values else CounterSubject.ENTERPRISE


def _form(request: ActorRequest, counter: Organisation) -> OpeningForm:
    subject = _subject(request)
    known: dict[str, Any] = {
        "subject": subject,
        "counter": counter,
        "initial": {"token": uuid.uuid4()},
        "visitor": visitor_of(request),
    }
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    if subject == CounterSubject.PERSON:
        return PersonOpeningForm(data, files, **known)
    return UnitOpeningForm(data, files, bureaus=bureaus_of(counter), **known)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def counter_open(request: ActorRequest) -> HttpResponse:
    """【开户受理】: one form, one transaction."""
    counter = counter_of(request)
    if (token := read_token(request)) and (first := CounterOpening.objects.of_counter(counter).with_token(token)):
        return redirect("accounts:counter_opening", first.token)
    form = _form(request, counter)
    if request.method == "POST" and (button := asks_for_code(request)):
        form.send(button)
        return _opening_form(request, form, counter)
    if request.method == "POST" and form.is_valid() and _is_proved(form) and (opening := _open(request, form)):
        messages.success(request, _("The account is there. Print the account notice and hand it over sealed."))
        return redirect("accounts:counter_opening", opening.token)
    return _opening_form(request, form, counter, status=422 if form.errors else 200)


def _is_proved(form: OpeningForm) -> bool:
    return not form.is_proving or form.prove()


def _open(request: ActorRequest, form: OpeningForm) -> CounterOpening | None:
    try:
        with using(form.proof):
            return open_account(form.facts, request.actor, token=form.cleaned_data["token"])
    except Taken as taken:
        form.count()
        add_errors(form, taken)
    except CodeRefused as refusal:
        form.refuse(refusal)
    except ValidationError as error:
        form.add_error("scan", error)
    return None


def _opening_form(request: ActorRequest, form: OpeningForm, counter: Organisation, status: int = 200) -> HttpResponse:
    if request.method == "POST":
        show_doubts(form, form.doubts)
    context = {
        "form": form,
        "subject": form.subject,
        "subjects": [(one.value, one.label) for one in CounterSubject],
        "papers": papers_of(form.subject),
        "title": agreement_title(form.subject, city_of(counter)),
        "lacks_bureau": not form.is_person and not bureaus_of(counter).exists(),
    }
    return render(request, "accounts/counter_open.html", context, status=status)


@never_cache
@sensitive_post_parameters()
@require_POST
def counter_agreement(request: ActorRequest) -> HttpResponse:
    """The paper to be signed, with what has been typed so far."""
    counter = counter_of(request)
    form = _form(request, counter)
    return pdf_answer(lambda: print_agreement(form, request.actor), agreement_title(form.subject, city_of(counter)))


@never_cache
@require_http_methods(["GET", "POST"])
def counter_opening(request: ActorRequest, token: uuid.UUID) -> HttpResponse:
    """One opening: what was recorded, the notice, and 【变更授权】."""
    counter = counter_of(request)
    opening = get_object_or_404(CounterOpening.objects.of_counter(counter).whole(), token=token)
    user = opening.user
    initial = {"items": granted_keys(user), "valid_until": user.valid_until}
    form = GrantForm(request.POST or None, initial=initial, subject=CounterSubject(opening.subject))
    if request.method == "POST" and form.is_valid():
        change_grants(opening, request.actor, **form.cleaned_data)
        messages.success(request, _("Saved. The account can do what is granted now."))
        return redirect("accounts:counter_opening", token)
    scan = getattr(opening, "scan", None)
    context = {
        "opening": opening,
        "facts": list(opening_facts(opening)),
        "items": granted_items(user),
        "papers": labels_of(opening.subject, opening.papers),
        "notice": notice_shape(opening),
        "scan": scan,
        "scan_pages": scan_pages(scan),
        "deeds": deed_lines(CounterEvent.objects.of_opening(opening)),
        "form": form,
    }
    return render(request, "accounts/counter_opening.html", context, status=422 if form.errors else 200)
