"""The county bureau gives an applicant into the hands of another 服务专员."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from talent.enums import BOHAI_CARD
from talent.forms.specialist import SpecialistForm
from talent.models import CardApplication
from talent.services.specialists import contact_of, may_reassign, reassign_specialist
from talent.specialist_desk import changes_of
from workflow.middleware import ActorRequest
from workflow.models import Case
from workflow.services import Refused


@require_http_methods(["GET", "POST"])
def specialist(request: ActorRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(Case.objects.visible_to(request.actor).of_type(BOHAI_CARD), pk=pk)
    if not may_reassign(case, request.actor):
        raise PermissionDenied(
            _("Only the county bureau in charge changes the service specialist of a case under way.")
        )
    application = CardApplication.objects.select_related("specialist").get(pk=pk)
    form = SpecialistForm(request.POST or None, bureau=request.actor.organisation, now=application.specialist_id)
    if request.method == "POST" and form.is_valid():
        try:
            change = reassign_specialist(case, request.actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error("to", str(refused))
        else:
            messages.success(request, _("%(name)s looks after this applicant now.") % {"name": change.after})
            return redirect("workflow:case", pk)
    context = {
        "case": case,
        "form": form,
        "contact": contact_of(application.specialist),
        "changes": changes_of(case),
    }
    return render(request, "talent/specialist.html", context, status=422 if form.errors else 200)
