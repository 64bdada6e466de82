"""材料库: the papers that a person keeps once and files with any number of applications."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from talent.enums import ProofKind
from talent.forms.wallet import PaperForm
from talent.models import Proof
from talent.services.wallet import add_paper, change_paper, remove_proof
from talent.views.facts import next_url, person_of
from talent.wallet_pages import kind_of, rule_for, wallet_of, wallet_row
from workflow.middleware import ActorRequest
from workflow.services.files import accept_uploads

INVALID = 422


@require_GET
def wallet(request: ActorRequest) -> HttpResponse:
    found = wallet_of(person_of(request))
    return render(request, "talent/wallet.html", {"wallet": found, "next": next_url(request, "")})


def _sent(request: ActorRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def wallet_add(request: ActorRequest) -> HttpResponse:
    """``?kind=``: what is uploaded; several files at once are the sides or pages of one paper."""
    person, kind = person_of(request), kind_of(request.GET.get("kind", ""))
    if kind is None:
        return redirect("talent:wallet")
    form = PaperForm(*_sent(request), person=person, kind=kind)
    if request.method == "POST" and form.is_valid():
        accepted = accept_uploads(
            request.FILES.getlist("file"),
            rule_for(kind),
            add=lambda upload: (
                add_paper(person, kind=kind, upload=upload, actor=request.actor, facts=form.facts).material
            ),
        )
        if accepted.done:
            messages.success(request, accepted.done)
        if not accepted.errors:
            return redirect(next_url(request, "talent:wallet"))
        for _kind, message in accepted.errors:
            form.add_error("file", message)
    return _page(request, form, kind)


def wallet_change(request: ActorRequest, pk: int) -> HttpResponse:
    proof = get_object_or_404(Proof.objects.visible_to(request.actor).shown().whole(), pk=pk)
    kind = ProofKind(proof.kind)
    form = PaperForm(*_sent(request), person=proof.person, kind=kind, proof=proof)
    if request.method == "POST" and form.is_valid():
        try:
            change_paper(proof, upload=form.cleaned_data["file"], actor=request.actor, facts=form.facts)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, _("Saved."))
            return redirect(next_url(request, "talent:wallet"))
    return _page(request, form, kind, proof)


def _page(request: ActorRequest, form: PaperForm, kind: ProofKind, proof: Proof | None = None) -> HttpResponse:
    context = {
        "form": form,
        "title": kind.label,
        "row": wallet_row(proof) if proof is not None else None,
        "next": next_url(request, ""),
        "needs_work": "work" in form.fields and not form.fields["work"].queryset.exists(),  # type: ignore[attr-defined]
    }
    return render(request, "talent/wallet_paper.html", context, status=INVALID if form.errors else 200)


@require_POST
def wallet_remove(request: ActorRequest, pk: int) -> HttpResponse:
    remove_proof(get_object_or_404(Proof.objects.visible_to(request.actor).shown().whole(), pk=pk))
    messages.success(request, _("Removed."))
    return redirect("talent:wallet")
