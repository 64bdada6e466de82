from __future__ import annotations

import json
import logging
from hmac import compare_digest
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts.services.receipts import NotAReceipt, read_receipts, take_receipts

logger = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
@require_POST
@sensitive_variables("token")
def sms_receipts(request: HttpRequest, token: str) -> HttpResponse:
    """The provider knows the secret in the address; without one in the settings nobody gets in."""
    if not settings.SMS_CALLBACK_TOKEN or not compare_digest(token.encode(), settings.SMS_CALLBACK_TOKEN.encode()):
        logger.warning("An SMS receipt with a wrong secret was refused")
        return _answer("refused", status=403)
    try:
        unknown = take_receipts(read_receipts(json.loads(request.body)))
    except (NotAReceipt, ValueError):
        return _answer("not a report", status=400)
    if unknown:
        # The provider repeats what was not taken: a report that was faster than the answer is taken then.
        return _answer("unknown", status=403)
    return _answer("OK")


def _answer(said: str, *, status: int = 200) -> JsonResponse:
    """Django logs the address of every refusal, and this one ends with the secret."""
    response = JsonResponse({"code": 0 if status == HTTPStatus.OK else status, "msg": said}, status=status)
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
