"""What may not go together: TONGBAN_MODE against the other variables of the environment.

The settings ask before anything else and refuse to start. The accident to prevent is a real portal whose operator
forgot the mode: demo mode signs anybody in with one click.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

MODES = ("demo", "test", "production")
# Published with the source, so good for nothing but trying and testing.
OPEN_SECRET_KEY = "demo-and-test-only-" + "k" * 40
OPEN_ENCRYPTION_KEY = "dG9uZ2Jhbi1kZW1vLWFuZC10ZXN0LW9ubHkta2V5ISE="
OPEN_INDEX_KEY = "demo-and-test-only-index-key"
# Shows every text message to everybody.
DEMO_GATEWAY = "accounts.sms.DemoGateway"
# Writes every text message to the terminal, codes included.
CONSOLE_GATEWAY = "accounts.sms.ConsoleGateway"
ALIYUN_GATEWAY = "accounts.aliyun.AliyunGateway"
# Agrees with every number whose check character is right.
DEMO_VERIFIER = "accounts.verifiers.DemoVerifier"
TWO_ELEMENT_VERIFIER = "accounts.two_element.TwoElementVerifier"

SECRETS = ("SECRET_KEY", "ENCRYPTION_KEYS", "INDEX_KEY")
NO_MAIL = {"consolemail", "dummymail", "memorymail", "filemail"}
TRUE = {"true", "on", "ok", "y", "yes", "1"}
HERE = {"", "localhost", "127.0.0.1", "::1"}


def find_conflicts(mode: str, environment: Mapping[str, str]) -> list[str]:
    """Say in full sentences what forbids a start; nothing when the combination is allowed."""
    if mode not in MODES:
        return [f"TONGBAN_MODE must be demo, test or production, not {mode!r}."]
    lacks = [*_gateway_lacks(environment), *_verifier_lacks(environment)]
    if mode == "production":
        return [*_production_lacks(environment), *_production_forbids(environment), *lacks]
    return [*_demo_forbids(environment), *lacks] if mode == "demo" else lacks


def _gateway_lacks(environment: Mapping[str, str]) -> Iterator[str]:
    if environment.get("SMS_GATEWAY") != ALIYUN_GATEWAY:
        return
    for name in ("ALIYUN_SMS_ENDPOINT", "ALIYUN_SMS_KEY_ID", "ALIYUN_SMS_KEY_SECRET", "SMS_SIGNATURE"):
        if not environment.get(name):
            yield f"SMS_GATEWAY {ALIYUN_GATEWAY} needs {name}."
    token = environment.get("SMS_CALLBACK_TOKEN", "")
    if token and len(token) < 32:
        yield "SMS_CALLBACK_TOKEN is shorter than 32 characters: whoever guesses it forges delivery reports."


def _verifier_lacks(environment: Mapping[str, str]) -> Iterator[str]:
    if environment.get("REAL_NAME_VERIFIER") != TWO_ELEMENT_VERIFIER:
        return
    for name in ("REAL_NAME_ENDPOINT", "REAL_NAME_APP_ID", "REAL_NAME_SECRET"):
        if not environment.get(name):
            yield f"REAL_NAME_VERIFIER {TWO_ELEMENT_VERIFIER} needs {name}."


def _demo_forbids(environment: Mapping[str, str]) -> Iterator[str]:
    for name in (*SECRETS, "S3_BUCKET", "ALIYUN_SMS_KEY_SECRET", "REAL_NAME_SECRET"):
        if environment.get(name):
            yield f"{name} belongs to production, and TONGBAN_MODE is demo (or was forgotten): remove one of them."
    host = urlsplit(environment.get("DATABASE_URL", "")).hostname
    if (host or "") not in HERE:
        yield f"Demo mode does not work on the database of another machine ({host})."
    if environment.get("IDENTITY_SERVICE_ISSUER", "").startswith("https:"):
        yield "IDENTITY_SERVICE_ISSUER names a real identity service, and TONGBAN_MODE is demo: real people would come."
    if environment.get("SECURE_SSL_REDIRECT", "").lower() in TRUE:
        yield "SECURE_SSL_REDIRECT belongs to production, and TONGBAN_MODE is demo."


def _production_lacks(environment: Mapping[str, str]) -> Iterator[str]:
    needed = {
        "SECRET_KEY": "at least 50 random characters",
        "ENCRYPTION_KEYS": 'comma-separated "id:base64 of 32 random bytes"',
        "INDEX_KEY": "at least 32 random characters, another than SECRET_KEY",
        "ALLOWED_HOSTS": "the names under which the portal is reached",
        "DATABASE_URL": "postgres://user:password@host/name",
        "REDIS_URL": "redis://host:6379/0, shared by all web servers: limits on sign-in are counted there",
    }
    for name, hint in needed.items():
        if not environment.get(name):
            yield f"Production needs {name} ({hint})."


def _production_forbids(environment: Mapping[str, str]) -> Iterator[str]:
    if environment.get("DEBUG", "").lower() in TRUE:
        yield "DEBUG shows the inside of the system to everybody: not in production."
    if "*" in environment.get("ALLOWED_HOSTS", "").split(","):
        yield "ALLOWED_HOSTS must name the hosts; * lets anybody forge links."
    if environment.get("DATABASE_URL", "").startswith("sqlite"):
        yield "Production runs on PostgreSQL; SQLite is for trying and developing."
    secret, index = environment.get("SECRET_KEY", ""), environment.get("INDEX_KEY", "")
    if secret and (secret == OPEN_SECRET_KEY or len(secret) < 50):
        yield "SECRET_KEY is the published one or shorter than 50 characters."
    if index and (index in {OPEN_INDEX_KEY, secret} or len(index) < 32):
        yield "INDEX_KEY is the published one, the SECRET_KEY, or shorter than 32 characters."
    if OPEN_ENCRYPTION_KEY in environment.get("ENCRYPTION_KEYS", ""):
        yield "ENCRYPTION_KEYS holds the published key of the demo."
    if environment.get("SMS_GATEWAY") == DEMO_GATEWAY:
        yield "SMS_GATEWAY is the demo's inbox, in which anybody reads every message."
    if environment.get("SMS_GATEWAY") == CONSOLE_GATEWAY:
        yield "SMS_GATEWAY writes phones and codes to the terminal: that is for developers."
    if environment.get("REAL_NAME_VERIFIER") == DEMO_VERIFIER:
        yield "REAL_NAME_VERIFIER is the demo's check, which asks no register."
    if environment.get("OFFICERS_NEED_SECOND_FACTOR", "on").lower() not in TRUE:
        yield "OFFICERS_NEED_SECOND_FACTOR is off: one stolen password would decide cases and move money."
    issuer = environment.get("IDENTITY_SERVICE_ISSUER", "")
    if issuer and not issuer.startswith("https://"):
        yield "IDENTITY_SERVICE_ISSUER must begin with https://: whoever sits on the way could be anybody."
    endpoint = environment.get("REAL_NAME_ENDPOINT", "")
    if endpoint and not endpoint.startswith("https://"):
        yield "REAL_NAME_ENDPOINT must begin with https://: names and numbers go there."
    cards = environment.get("CARD_VERIFY_ORIGIN", "")
    if cards and not cards.startswith("https://"):
        yield "CARD_VERIFY_ORIGIN must begin with https://: it is printed on talent cards."
    if environment.get("EMAIL_URL", "").partition(":")[0] in NO_MAIL:
        yield "EMAIL_URL names no mail server: people would wait for e-mails that never leave."
