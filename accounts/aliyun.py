"""SMS through Alibaba Cloud: ``SendSms`` and ``QuerySendDetails`` of Dysmsapi 2017-05-25, signature ACS3-HMAC-SHA256.

The documentation of SendSms says that it knows no idempotence: ``OutId`` is a tag that comes back in the details and
the receipts, and a repeated call sends again. So a try without an answer is first looked up by its tag in the send
details of its day, and repeated only where nothing is found there. What remains is a message that the provider lists
later than our next try: it reaches the phone twice.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from django.conf import settings
from django.utils import timezone
from urllib3.exceptions import HTTPError

from accounts.sms import Outgoing, Refused, Taken, TryLater
from workflow import clock

VERSION = "2017-05-25"
ALGORITHM = "ACS3-HMAC-SHA256"
# Seconds to connect, and to wait for each part of the answer.
TIMEOUT = (3, 7)
LONGEST_ANSWER = 256 * 1024
# Answers that say nothing against the message itself.
TEMPORARY = {
    "isp.SYSTEM_ERROR",
    "isp.RAM_PERMISSION_DENY",
    "isv.AMOUNT_NOT_ENOUGH",
    "isv.OUT_OF_SERVICE",
    "isv.ACCOUNT_ABNORMAL",
    "isv.ACCOUNT_NOT_EXISTS",
    "isv.PRODUCT_UN_SUBSCRIPT",
    "SignatureDoesNotMatch",
    "InvalidAccessKeyId.NotFound",
    "InvalidTimeStamp.Expired",
    "ServiceUnavailable",
    "InternalError",
}
LIMIT = "isv.BUSINESS_LIMIT_CONTROL"
DELIVERED, UNDELIVERED = 3, 2


def encode(text: str) -> str:
    """RFC 3986: only letters, digits and -_.~ stay as they are."""
    return quote(text, safe="~")


def canonical_query(params: Mapping[str, str]) -> str:
    return "&".join(f"{encode(name)}={encode(params[name])}" for name in sorted(params))


def sign(method: str, path: str, query: str, headers: Mapping[str, str], secret: str) -> tuple[str, str]:
    """(names of the signed headers, signature in hex). Header names are in lower case."""
    names = sorted(headers)
    signed = ";".join(names)
    canonical_headers = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    request = "\n".join((method, path, query, canonical_headers, signed, headers["x-acs-content-sha256"]))
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    return signed, hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


class AliyunGateway:
    """Keys, address and signature come from the settings, which the checks at the start look at."""

    def send(self, message: Outgoing) -> Taken:
        if not message.template_code:
            raise Refused("the template has no number at the provider")
        answer = self._call(
            "SendSms",
            {
                "PhoneNumbers": message.phone,
                "SignName": message.signature,
                "TemplateCode": message.template_code,
                "TemplateParam": json.dumps(dict(message.params), ensure_ascii=False),
                "OutId": message.key,
            },
        )
        return Taken(provider_id=str(answer.get("BizId", ""))[:64], answer="OK")

    def find(self, message: Outgoing, since: datetime) -> Taken | None:
        answer = self._call(
            "QuerySendDetails",
            {
                "PhoneNumber": message.phone,
                "SendDate": timezone.localtime(since).strftime("%Y%m%d"),
                "PageSize": "50",
                "CurrentPage": "1",
            },
        )
        details = answer.get("SmsSendDetailDTOs")
        rows = details.get("SmsSendDetailDTO") if isinstance(details, dict) else None
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict) and row.get("OutId") == message.key:
                return _found(row)
        return None

    def _call(self, action: str, params: Mapping[str, str]) -> dict[str, Any]:
        """The answer to a request that was accepted. Raises TryLater and Refused."""
        query = canonical_query(params)
        try:
            with requests.Session() as session:
                # No proxy and no .netrc of the environment: the request carries phones.
                session.trust_env = False
                response = session.post(
                    f"{settings.ALIYUN_SMS_ENDPOINT.rstrip('/')}/?{query}",
                    headers=_headers(action, query),
                    timeout=TIMEOUT,
                    allow_redirects=False,
                    stream=True,
                )
                body = response.raw.read(LONGEST_ANSWER, decode_content=True)
        except requests.ConnectTimeout:
            raise TryLater("no connection in time", outage=True) from None
        except (requests.RequestException, HTTPError, OSError) as error:
            # Its text holds the address with the phone in it: only its name is told.
            raise TryLater(f"no answer ({type(error).__name__})", outage=True, unsure=True) from None
        return _judge(response.status_code, body)


def _headers(action: str, query: str) -> dict[str, str]:
    headers = {
        "host": urlsplit(settings.ALIYUN_SMS_ENDPOINT).netloc,
        "x-acs-action": action,
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": clock.machine_now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": secrets.token_hex(16),
        "x-acs-version": VERSION,
    }
    signed, signature = sign("POST", "/", query, headers, settings.ALIYUN_SMS_KEY_SECRET)
    credential = f"Credential={settings.ALIYUN_SMS_KEY_ID},SignedHeaders={signed},Signature={signature}"
    return headers | {"authorization": f"{ALGORITHM} {credential}", "accept": "application/json"}


def _judge(status: int, body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or "Code" not in answer:
        raise TryLater(f"an answer that cannot be read (HTTP {status})", outage=True, unsure=True)
    code, said = str(answer["Code"]), str(answer.get("Message", ""))
    if code == "OK" and status == HTTPStatus.OK:
        return answer
    reason = f"{code}: {said}"
    if code == LIMIT:
        raise TryLater(reason, after=_pause(said))
    if code in TEMPORARY or code.startswith("Throttling") or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise TryLater(reason, outage=True, unsure=status >= HTTPStatus.INTERNAL_SERVER_ERROR)
    raise Refused(reason)


def _pause(said: str) -> timedelta:
    """触发分钟级/小时级/天级流控: how long this phone gets nothing more."""
    if "天级" in said:
        return timedelta(days=1)
    return timedelta(hours=1) if "小时级" in said else timedelta(minutes=1)


def _found(row: Mapping[str, Any]) -> Taken:
    if row.get("SendStatus") == UNDELIVERED:
        raise Refused(f"not delivered: {row.get('ErrCode', '')}")
    return Taken(answer="found in the send details", is_delivered=row.get("SendStatus") == DELIVERED)
