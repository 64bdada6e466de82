from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.services import kept_forms


@require_POST
@sensitive_post_parameters()
def keep_form(request: HttpRequest) -> HttpResponse:
    """What stands in a form whose page is about to be left, because nobody uses it any more."""
    kept_forms.keep_form(request, owner=request.user.pk)
    return HttpResponse(status=204)
