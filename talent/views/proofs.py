"""What a person keeps beside the facts: the proofs of an employment, and the photo."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from talent.forms.photo import PhotoForm
from talent.forms.space import SpaceForm
from talent.models import Proof, WorkExperience
from talent.presentation import proof_rule, proofs_panel
from talent.services.wallet import add_proof, keep_photo, remove_proof, replace_proof
from talent.space_pages import profile_row
from talent.views.facts import next_url, person_of
from talent.views.space import profile_page
from workflow.middleware import ActorRequest
from workflow.presentation.materials import Panel, safe_back
from workflow.services.files import accept_uploads


@require_GET
def work_proofs(request: ActorRequest, pk: int) -> HttpResponse:
    work = get_object_or_404(WorkExperience.objects.visible_to(request.actor), pk=pk)
    return _page(request, work, proofs_panel(work, back=request.get_full_path()))


def _page(request: ActorRequest, work: WorkExperience, panel: Panel) -> HttpResponse:
    context = {"work": work, "panel": panel, "next": next_url(request, ""), "has_errors": bool(panel.errors)}
    return render(request, "talent/work_proofs.html", context)


@require_POST
def proof_add(request: ActorRequest, pk: int) -> HttpResponse:
    """Keep what is in order; what is not comes back by name on the same page."""
    work = get_object_or_404(WorkExperience.objects.visible_to(request.actor), pk=pk)
    rule = proof_rule(request.POST.get("kind", ""))
    if rule is None:
        raise Http404
    replaced = _replaced(request, work, rule.kind)
    accepted = accept_uploads(
        request.FILES.getlist("file"),
        rule,
        add=lambda upload: add_proof(work, kind=rule.kind, upload=upload, actor=request.actor).material,
        replace=None
        if replaced is None
        else lambda upload: replace_proof(replaced, upload=upload, actor=request.actor).material,
    )
    return _answer(request, work, rule.kind, done=accepted.done, errors=accepted.errors)


def _replaced(request: ActorRequest, work: WorkExperience, kind: str) -> Proof | None:
    try:
        token = UUID(request.POST.get("replaces", ""))
    except ValueError:
        return None
    return Proof.objects.of_work(work).with_file(token, kind).first()


@require_POST
def proof_remove(request: ActorRequest, token: UUID) -> HttpResponse:
    proof = get_object_or_404(Proof.objects.visible_to(request.actor).of_works().whole(), material__token=token)
    assert proof.work is not None
    remove_proof(proof)
    return _answer(request, proof.work, proof.kind, done=_("Removed: %(name)s") % {"name": proof.material.name})


def _answer(
    request: ActorRequest, work: WorkExperience, kind: str, *, done: str, errors: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    """The list alone where it changes in place; without scripts back to its page, or the page with what is wrong."""
    back = safe_back(request, reverse("talent:work_proofs", args=[work.pk]))
    if request.htmx:  # type: ignore[attr-defined]
        panel = proofs_panel(work, back=back, done=done, errors=errors)
        return render(request, "workflow/_materials.html", {"panel": panel})
    if done:
        messages.success(request, done)
    if errors:
        return _page(request, work, proofs_panel(work, back=back, errors=errors))
    return redirect(f"{back}#material-{kind}")


@require_POST
def photo_add(request: ActorRequest) -> HttpResponse:
    person, form = person_of(request), PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            keep_photo(person, picture=form.cleaned_data["photo"], actor=request.actor)
        except ValidationError as error:
            form.add_error("photo", error)
    if form.errors:
        return profile_page(request, person, SpaceForm(profile=profile_row(person)), form)
    messages.success(request, _("The photo is saved. It goes with every application that you submit from now on."))
    if form.is_doubtful:
        messages.warning(request, _("The background of the photo does not look white. Look at it before you apply."))
    # The rest of the page is still to be filled in; the way back to the application stays on it.
    back = next_url(request, "")
    return redirect(f"{reverse('talent:profile')}?{urlencode({'next': back})}" if back else "talent:profile")


@require_POST
def photo_remove(request: ActorRequest) -> HttpResponse:
    photo = Proof.objects.of(person_of(request)).photos().first()
    if photo is not None:
        remove_proof(photo)
        messages.success(request, _("Removed."))
    return redirect("talent:profile")
