"""The part of the settings that says who is who: passwords, the identity service, codes of talent cards."""

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

# dengbao or nist: docs/decisions/0007-passwords.md.
PASSWORD_PROFILE = env.str("PASSWORD_PROFILE", default="dengbao")
_COMMON_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.NotOneselfValidator"},
]
PASSWORD_VALIDATORS = {
    "dengbao": [
        {"NAME": "accounts.passwords.LengthValidator"},
        {"NAME": "accounts.passwords.ThreeClassesValidator"},
        *_COMMON_VALIDATORS,
        {"NAME": "accounts.passwords.NotReusedValidator"},
    ],
    "nist": [{"NAME": "accounts.passwords.LengthByFactorValidator"}, *_COMMON_VALIDATORS],
}
if PASSWORD_PROFILE not in PASSWORD_VALIDATORS:
    raise ImproperlyConfigured(f"PASSWORD_PROFILE must be dengbao or nist, not {PASSWORD_PROFILE!r}.")
AUTH_PASSWORD_VALIDATORS = PASSWORD_VALIDATORS[PASSWORD_PROFILE]

# The government's identity service (OpenID Connect, docs/identity-service.md). Without an issuer there is no button.
IDENTITY_SERVICE = {
    "name": env.str("IDENTITY_SERVICE_NAME", default="") or "中国政务服务平台",
    # As its discovery document spells it: ``<issuer>/.well-known/openid-configuration``.
    "issuer": env.str("IDENTITY_SERVICE_ISSUER", default=""),
    "client_id": env.str("IDENTITY_SERVICE_CLIENT_ID", default=""),
    "secret": env.str("IDENTITY_SERVICE_CLIENT_SECRET", default=""),
    "scopes": env.list("IDENTITY_SERVICE_SCOPES", default=[]) or ["openid", "profile"],
    # What it calls the facts that we ask for: "id_number=idcard,name=xm"; what is left out keeps our name.
    "claims": env.dict("IDENTITY_SERVICE_CLAIMS", default={}),
    # What its codes mean: "user_kind:1=natural,real_name_level:L3=3".
    "values": env.dict("IDENTITY_SERVICE_VALUES", default={}),
}
# Dotted path of what compares names with numbers (accounts.verifiers.Verifier, docs/real-name.md); empty: an officer at
# a counter does. accounts.two_element.TwoElementVerifier asks the address below and needs all three.
REAL_NAME_VERIFIER = env.str(
    "REAL_NAME_VERIFIER",
    default="" if env.str("TONGBAN_MODE", default="demo") == "production" else "accounts.verifiers.DemoVerifier",
)
REAL_NAME_ENDPOINT = env.str("REAL_NAME_ENDPOINT", default="")
REAL_NAME_APP_ID = env.str("REAL_NAME_APP_ID", default="")
REAL_NAME_SECRET = env.str("REAL_NAME_SECRET", default="")
# "https://host" in the codes on talent cards, where anybody verifies them; empty: the host that somebody called.
CARD_VERIFY_ORIGIN = env.str("CARD_VERIFY_ORIGIN", default="").rstrip("/")
# allauth keeps who is linked to whom; its own pages are not mounted.
SOCIALACCOUNT_ADAPTER = "accounts.identity_service.IdentityAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
