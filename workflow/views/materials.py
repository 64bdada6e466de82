"""Pages of the materials: the list, uploading, previewing, downloading, removing."""

from __future__ import annotations

import logging
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from workflow.middleware import ActorRequest
from workflow.models import Case, Material
from workflow.presentation.materials import PREVIEWED, Panel, materials_panel, paper_of, safe_back
from workflow.previews import PREVIEW_PAGES, count_previews, preview
from workflow.registry import MaterialRule
from workflow.services.files import Accepted, accept_uploads
from workflow.services.looks import note_paper_look
from workflow.services.materials import add_material, remove_material, replace_material, rule_of

# Who looked at whose papers: kept with the access log.
access_log = logging.getLogger("tongban.access")

# Nothing that people upload may ever act as a page of ours.
SANDBOX = "default-src 'none'; sandbox"


@require_GET
def material_list(request: ActorRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(Case.objects.visible_to(request.actor), pk=pk)
    back = safe_back(request, "")
    panel = materials_panel(request, case, request.actor)
    return render(request, "workflow/materials.html", {"case": case, "panel": panel, "back": back})


@require_POST
def material_add(request: ActorRequest, pk: int) -> HttpResponse:
    """Accept what is in order; what is not comes back by name on the same page."""
    case = get_object_or_404(Case.objects.visible_to(request.actor), pk=pk)
    kind = request.POST.get("kind", "")
    rule = rule_of(case, kind)
    if rule is None:
        raise Http404
    accepted = _accept_all(request, case, rule)
    back = safe_back(request, reverse("workflow:materials", args=[pk]))
    if request.htmx:  # type: ignore[attr-defined]
        panel = materials_panel(request, case, request.actor, errors=accepted.errors, back=back, done=accepted.done)
        return _panel(request, panel)
    if accepted.done:
        messages.success(request, accepted.done)
    if not accepted.errors:
        return redirect(f"{back}#material-{kind}")
    panel = materials_panel(request, case, request.actor, errors=accepted.errors, back=back)
    context = {"case": case, "panel": panel, "back": back, "has_errors": True}
    return render(request, "workflow/materials.html", context)


def _accept_all(request: ActorRequest, case: Case, rule: MaterialRule) -> Accepted:
    replaced = case.materials.current().with_token(request.POST.get("replaces", ""), rule.kind)
    actor, keep = request.actor, "keep" in request.POST
    return accept_uploads(
        request.FILES.getlist("file"),
        rule,
        add=lambda upload: add_material(case, kind=rule.kind, upload=upload, actor=actor, keep=keep),
        replace=None if replaced is None else lambda upload: replace_material(replaced, upload=upload, actor=actor),
    )


@require_POST
def material_remove(request: ActorRequest, token: UUID) -> HttpResponse:
    material = get_object_or_404(Material.objects.visible_to(request.actor).of_cases().current(), token=token)
    assert material.case is not None
    remove_material(material, actor=request.actor)
    done = _("Removed: %(name)s") % {"name": material.name}
    back = safe_back(request, reverse("workflow:materials", args=[material.case.pk]))
    if request.htmx:  # type: ignore[attr-defined]
        panel = materials_panel(request, material.case, request.actor, back=back, done=done)
        return _panel(request, panel)
    messages.success(request, done)
    return redirect(f"{back}#material-{material.kind}")


def _panel(request: ActorRequest, panel: Panel) -> HttpResponse:
    """The list in place, and a word to those parts of the page that say what is missing."""
    response = render(request, "workflow/_materials.html", {"panel": panel})
    response["HX-Trigger"] = "materials-changed"
    return response


@require_GET
def material_preview(request: ActorRequest, token: UUID) -> HttpResponse:
    """A page of pictures made by us; the upload itself is never shown in the browser."""
    material = _served(request, token, "preview")
    if material.content_type not in PREVIEWED:
        raise Http404
    pages = count_previews(material)
    context = {
        "paper": paper_of(material),
        "case": material.case,
        "pages": range(min(pages, PREVIEW_PAGES)),
        "more": max(pages - PREVIEW_PAGES, 0),
        "token": token,
    }
    return render(request, "workflow/material_preview.html", context)


@require_GET
def material_page(request: ActorRequest, token: UUID, page: int) -> HttpResponse:
    material = get_object_or_404(Material.objects.visible_to(request.actor).select_related("case"), token=token)
    if material.content_type not in PREVIEWED or page >= PREVIEW_PAGES:
        raise Http404
    note_paper_look(material, request.actor, how="preview")
    content = preview(material, page)
    if content is None:
        raise Http404
    headers = {"Content-Security-Policy": SANDBOX, "Cache-Control": "private, max-age=3600"}
    return HttpResponse(content, content_type="image/jpeg", headers=headers)


@require_GET
def material_download(request: ActorRequest, token: UUID) -> FileResponse:
    material = _served(request, token, "download")
    response = FileResponse(
        material.file.open("rb"), as_attachment=True, filename=material.name, content_type=material.content_type
    )
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _served(request: ActorRequest, token: UUID, how: str) -> Material:
    material = get_object_or_404(Material.objects.visible_to(request.actor).select_related("case"), token=token)
    access_log.info(
        "material %s: material=%s case=%s user=%s organisation=%s",
        how,
        material.pk,
        material.case_id,
        request.actor.user_id,
        request.actor.organisation_id,
    )
    note_paper_look(material, request.actor, how=how)
    return material
