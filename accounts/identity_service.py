"""The government's identity service: OpenID Connect, authorisation code with PKCE.

allauth builds the request, keeps the state and fetches. Where a token comes straight from the provider it leaves its
signature, nonce and subject unchecked, believes any issuer that the provider names, and takes parameters of the
request from whoever asks: all of that is decided here (docs/identity-service.md).
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any
from urllib.parse import urlsplit

import jwt
import requests
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

PROVIDER = "identity_service"
# Never what the token or the provider names: "none", or a published key taken for a shared secret.
ALGORITHM = "RS256"
LEEWAY_SECONDS = 60
CONFIGURATION_SECONDS = 600
NEEDED = ("iss", "sub", "aud", "exp", "iat", "nonce")
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
FACTS = "userinfo_endpoint"
SUBJECT_MAX = 255
# How an answer of another shape shows where it is read.
FOREIGN = (
    OAuth2Error, jwt.PyJWTError, requests.RequestException, LookupError, TypeError, ValueError, AttributeError,
)  # fmt: skip
# What a service says of itself, for a while: {issuer: (until, its configuration)}. It works without a cache server.
_configurations: dict[str, tuple[float, dict[str, Any]]] = {}


class IdentityFailure(Exception):
    """``cause`` stands in the log and names no person; the message is for whoever stands at the door."""

    def __init__(self, cause: str, message: str) -> None:
        super().__init__(message)
        self.cause = cause


class Unavailable(IdentityFailure):
    def __init__(self, cause: str) -> None:
        super().__init__(cause, _("It cannot be reached at the moment. Try again later, or sign in another way."))


class Disbelieved(IdentityFailure):
    def __init__(self, cause: str) -> None:
        super().__init__(cause, _("Its answer could not be trusted, so nobody was signed in. Start again."))


class Cancelled(IdentityFailure):
    def __init__(self) -> None:
        super().__init__("cancelled", _("You left the identity service without agreeing. Nothing has changed here."))


@dataclass(frozen=True, slots=True)
class Answer:
    """``data``: what ``begin`` was given, of this very browser."""

    subject: str
    claims: Mapping[str, Any]
    data: Mapping[str, Any]


def is_configured() -> bool:
    service = settings.IDENTITY_SERVICE
    return bool(service["issuer"] and service["client_id"] and service["secret"])


def service_name() -> str:
    return str(settings.IDENTITY_SERVICE["name"])


class _Session(requests.Session):
    """No redirects: nobody is handed the secret, a code or a token on another's word."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs |= {"timeout": settings.SOCIALACCOUNT_REQUESTS_TIMEOUT, "allow_redirects": False}
        response = super().request(*args, **kwargs)
        if response.is_redirect:
            raise requests.TooManyRedirects("redirect")
        return response


class IdentityAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The one service of the settings; rows of allauth's own table of services are never asked."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        return [_app()] if is_configured() else []

    def get_requests_session(self) -> requests.Session:
        return _Session()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


def _app() -> SocialApp:
    service = settings.IDENTITY_SERVICE
    options = {"server_url": service["issuer"], "oauth_pkce_enabled": True, "scope": service["scopes"]}
    return SocialApp(
        provider=OpenIDConnectProvider.id,
        provider_id=PROVIDER,
        name=service["name"],
        client_id=service["client_id"],
        secret=service["secret"],
        settings=options,
    )


class IdentityClient(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Our side of the conversation. Raises IdentityFailure, and nothing else, inside ``judging``."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, PROVIDER)

    def get_provider(self) -> OpenIDConnectProvider:
        return IdentityProvider(self.request, app=_app())

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("accounts:identity_return"))

    @property
    def openid_config(self) -> dict[str, Any]:
        issuer = str(settings.IDENTITY_SERVICE["issuer"])
        until, known = _configurations.get(issuer, (0.0, {}))
        if until < time.monotonic():
            known = self._fetch(self.get_provider().server_url)
            _check_configuration(known, issuer)
            _configurations[issuer] = time.monotonic() + CONFIGURATION_SECONDS, known
        return known

    def _fetch(self, address: str, **headers: str) -> Any:
        with IdentityAdapter(self.request).get_requests_session() as session:
            response = session.get(address, headers=headers)
            response.raise_for_status()
            return response.json()

    def claims_of(self, tokens: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """What the ID token says, and beside it what the service tells of the same subject."""
        token = self._open(str(tokens.get("id_token", "")), nonce)
        if FACTS not in self.openid_config:
            return token
        told = self._fetch(self.openid_config[FACTS], Authorization=f"Bearer {tokens['access_token']}")
        if told.get("sub") != token["sub"]:
            raise Disbelieved("facts about another subject")
        return {**told, **token}

    def _open(self, token: str, nonce: str) -> dict[str, Any]:
        audience = settings.IDENTITY_SERVICE["client_id"]
        claims: dict[str, Any] = jwt.decode(
            token,
            key=self._key(jwt.get_unverified_header(token).get("kid")),
            algorithms=[ALGORITHM],
            issuer=settings.IDENTITY_SERVICE["issuer"],
            audience=audience,
            leeway=LEEWAY_SECONDS,
            options={"require": list(NEEDED)},
        )
        parties = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if claims.get("azp", audience) != audience or (len(parties) > 1 and "azp" not in claims):
            raise Disbelieved("authorised party")
        if not compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
            raise Disbelieved("nonce")
        if not 0 < len(claims["sub"]) <= SUBJECT_MAX:
            raise Disbelieved("subject")
        return claims

    def _key(self, kid: str | None) -> Any:
        """The published RSA key of this name; a token without a name fits where there is only one."""
        keys = self._fetch(self.openid_config["jwks_uri"])["keys"]
        signing = [key for key in keys if key.get("kty") == "RSA" and key.get("use", "sig") == "sig"]
        fitting = [key for key in signing if key.get("kid") == kid] if kid is not None else signing
        if len(fitting) != 1:
            raise Disbelieved("key")
        return jwt.PyJWK(fitting[0], algorithm=ALGORITHM).key


def _check_configuration(found: Mapping[str, Any], issuer: str) -> None:
    """It is the service that we were told of, and nothing that it names leads out of https."""
    if found.get("issuer") != issuer:
        raise Disbelieved("configuration of another issuer")
    for name in (*ENDPOINTS, *({FACTS} & set(found))):
        if urlsplit(found[name]).scheme != urlsplit(issuer).scheme:
            raise Disbelieved(f"scheme of {name}")


class IdentityProvider(OpenIDConnectProvider):  # type: ignore[misc]
    def get_oauth2_adapter(self, request: HttpRequest) -> IdentityClient:
        return IdentityClient(request)


@contextmanager
def judging(step: str) -> Iterator[None]:
    """Whatever a foreign answer looks like, it ends in an ``IdentityFailure`` and a line without anybody's data."""
    try:
        yield
    except (requests.ConnectionError, requests.Timeout, requests.HTTPError) as error:
        logger.warning("Identity service: %s failed (%s)", step, type(error).__name__)
        raise Unavailable(step) from None
    except IdentityFailure as failure:
        logger.warning("Identity service: %s refused (%s)", step, failure.cause)
        raise
    except FOREIGN as error:
        logger.warning("Identity service: %s refused (%s)", step, type(error).__name__)
        raise Disbelieved(step) from None


def begin(request: HttpRequest, *, data: Mapping[str, Any], again: bool = False) -> str:
    """Keep in this browser's session what its return needs; answers the address at the service.

    ``again``: the service shall ask who it is, even somebody whom it knows. Raises IdentityFailure.
    """
    nonce = secrets.token_urlsafe(32)
    parameters = {"nonce": nonce} | ({"prompt": "login"} if again else {})
    with judging("start"):
        kept = dict(data) | {"nonce": nonce}
        answer = IdentityProvider(request, app=_app()).redirect(
            request, process=AuthProcess.LOGIN, data=kept, auth_params=parameters
        )
        return str(answer["Location"])


def finish(request: HttpRequest) -> Answer:
    """Who came back. Each state is good once, in the browser that it was given to. Raises IdentityFailure."""
    with judging("return"):
        state = statekit.unstash_state(request, state_id=request.GET.get("state", ""), provider_id=PROVIDER)
        if state is None:
            raise Disbelieved("state")
        if request.GET.get("error") == "access_denied":
            raise Cancelled
        if request.GET.get("iss", settings.IDENTITY_SERVICE["issuer"]) != settings.IDENTITY_SERVICE["issuer"]:
            raise Disbelieved("issuer of the code")
        if "error" in request.GET or not request.GET.get("code"):
            raise Disbelieved("no code")
    with judging("token"):
        client, app = IdentityClient(request), _app()
        tokens = client.get_access_token_data(
            request, app, client.get_client(request, app), pkce_code_verifier=state["pkce_code_verifier"]
        )
        data = dict(state["data"])
        claims = client.claims_of(tokens, data.pop("nonce"))
    return Answer(claims["sub"], claims, data)
