"""One settings file; the environment decides (12-factor). TONGBAN_MODE=demo|test|production."""

import os
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal.identity_settings import (  # noqa: F401  settings are read by their names
    AUTH_PASSWORD_VALIDATORS,
    CARD_VERIFY_ORIGIN,
    IDENTITY_SERVICE,
    PASSWORD_PROFILE,
    PASSWORD_VALIDATORS,
    REAL_NAME_APP_ID,
    REAL_NAME_ENDPOINT,
    REAL_NAME_SECRET,
    REAL_NAME_VERIFIER,
    SOCIALACCOUNT_ADAPTER,
    SOCIALACCOUNT_EMAIL_AUTHENTICATION,
    SOCIALACCOUNT_REQUESTS_TIMEOUT,
    SOCIALACCOUNT_STORE_TOKENS,
)
from portal.mode import OPEN_ENCRYPTION_KEY, OPEN_INDEX_KEY, OPEN_SECRET_KEY, find_conflicts

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
env = environ.Env()
MODE = env.str("TONGBAN_MODE", default="demo")
if conflicts := find_conflicts(MODE, os.environ):
    raise ImproperlyConfigured("\n".join(conflicts))
DEMO = MODE == "demo"
PRODUCTION = MODE == "production"

DEBUG = env.bool("DEBUG", default=False)
# The embedded default runs with keys that anyone can read; production refuses to start without its own.
SECRET_KEY = env.str("SECRET_KEY", default=OPEN_SECRET_KEY)
# Comma-separated "id:base64(32 bytes)"; the first encrypts, all decrypt (rotation).
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS", default=[f"1:{OPEN_ENCRYPTION_KEY}"])
# Keyed hashes for look-up have a key of their own, so that encryption keys may rotate.
INDEX_KEY = env.str("INDEX_KEY", default=OPEN_INDEX_KEY)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "captcha",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "bootstrap",
    "portal",
    "subsidies",
    "talent",
    "accounts",
    "workflow",
]

MIDDLEWARE = [
    "portal.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.middleware.PrivatePagesMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "portal.middleware.NullCharacterMiddleware",
    "workflow.middleware.ClockMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.gate.GateMiddleware",
    "accounts.returning.SignInMiddleware",
    "workflow.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.IdleMiddleware",
    "accounts.middleware.ApprovalMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
                "workflow.context.rail",
                "accounts.context.inbox",
            ],
        },
    },
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'tongban.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # To compile a list's query took longer than to answer it: 1.7 of 3.3 seconds.
    DATABASES["default"]["OPTIONS"] = {"options": "-c jit=off"} | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "portal:hall"
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = 8 * 3600
# Minutes without a request after which a session ends; polling does not count as a request.
IDLE_MINUTES, IDLE_MINUTES_OFFICERS = env.int("IDLE_MINUTES", default=15), env.int("IDLE_MINUTES_OFFICERS", default=10)
CREDENTIAL_DAYS_OFFICERS = env.int("CREDENTIAL_DAYS_OFFICERS", default=90)
# allauth checks user names and passwords behind its rate limits; its own pages are not mounted.
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
# allauth would count in the cache; ours count in the database (accounts.services.limits).
ACCOUNT_RATE_LIMITS = False
# Officers need a second factor; the demo, which anybody enters by one click, does without.
OFFICERS_NEED_SECOND_FACTOR = env.bool("OFFICERS_NEED_SECOND_FACTOR", default=PRODUCTION)
MFA_ADAPTER = "accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "通办"
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
# How many proxies of our own stand in front: so many addresses of X-Forwarded-For are theirs to tell.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1 if PRODUCTION else 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
# Codes by text message from one network address, over all phones; after the first few of an hour, from there or from
# everywhere, a picture comes first. Codes of registration go to any phone: they have a share of the day's budget.
SMS_CODES_PER_ADDRESS_HOUR = env.int("SMS_CODES_PER_ADDRESS_HOUR", default=30)
SMS_CODES_PER_ADDRESS_DAY = env.int("SMS_CODES_PER_ADDRESS_DAY", default=100)
SMS_CODES_WITHOUT_PICTURE = env.int("SMS_CODES_WITHOUT_PICTURE", default=3)
SMS_CODES_OF_SITE_WITHOUT_PICTURE = env.int("SMS_CODES_OF_SITE_WITHOUT_PICTURE", default=300)
SMS_CODES_OF_REGISTRATION_DAY = env.int("SMS_CODES_OF_REGISTRATION_DAY", default=1000)
CAPTCHA_IMAGE_SIZE, CAPTCHA_FONT_SIZE, CAPTCHA_LETTER_ROTATION = (120, 44), 28, (-20, 20)
CAPTCHA_CHALLENGE_FUNCT, CAPTCHA_TIMEOUT = "workflow.picture_letters.four_letters", 30
CAPTCHA_TEST_MODE = MODE == "test"
# Registrations that nobody approves expire, so that nobody squats a number.
REGISTRATION_EXPIRES_DAYS = env.int("REGISTRATION_EXPIRES_DAYS", default=90)
# Initial passwords of the notices printed at counters; whether 【忘记密码】 by oneself is open beside the counter.
COUNTER_NOTICE_DAYS = env.int("COUNTER_NOTICE_DAYS", default=7)
RESET_BY_SMS = env.bool("RESET_BY_SMS", default=True)
# Dotted path of a gateway (accounts.sms.SmsGateway); empty: no text messages, and no codes.
SMS_GATEWAY = env.str("SMS_GATEWAY", default="" if PRODUCTION else "accounts.sms.DemoGateway")
# The signature that the provider has approved; a template may have its own.
SMS_SIGNATURE = env.str("SMS_SIGNATURE", default="" if PRODUCTION else "通办")
# Secret at the end of the address to which the provider reports; empty: nobody may report.
SMS_CALLBACK_TOKEN = env.str("SMS_CALLBACK_TOKEN", default="")
ALIYUN_SMS_ENDPOINT = env.str("ALIYUN_SMS_ENDPOINT", default="")
ALIYUN_SMS_KEY_ID = env.str("ALIYUN_SMS_KEY_ID", default="")
ALIYUN_SMS_KEY_SECRET = env.str("ALIYUN_SMS_KEY_SECRET", default="")
# smtp+tls://user:password@host:587; without one e-mails go nowhere (demo: its inbox shows them; production: none).
EMAIL_URL = env.str("EMAIL_URL", default="")
MAIL_ENABLED = bool(EMAIL_URL) or not PRODUCTION
vars().update(env.email_url_config(EMAIL_URL or "dummymail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="tongban@localhost")
# Dotted path of a function that answers True for a clean file; empty: pages say 未查毒.
VIRUS_SCANNER = env.str("VIRUS_SCANNER", default="")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale" / floor for floor in ("portal", "subsidies", "talent", "accounts", "workflow")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("FILES_DIR", default=str(VAR_DIR / "files")))
S3_BUCKET = env.str("S3_BUCKET", default="")
STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
            "access_key": env.str("S3_ACCESS_KEY", default=None),
            "secret_key": env.str("S3_SECRET_KEY", default=None),
            "region_name": env.str("S3_REGION", default="us-east-1"),
            "signature_version": "s3v4",
            "addressing_style": "path",
            "file_overwrite": False,
            "default_acl": "private",
        },
    }
    if S3_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE != "production"
        else "portal.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL)
# Where jobs run: "celery" wakes the workers, "process" runs the same functions beside the web server.
JOBS = env.str("TONGBAN_JOBS", default="celery" if CELERY_BROKER_URL else "process")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
X_FRAME_OPTIONS, SECURE_REFERRER_POLICY = "DENY", "same-origin"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# Everything to the standard error stream, which the service manager or container engine keeps.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "workflow.log_masking.MaskingFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stream"], "level": "WARNING"},
    # Under "tongban" stands who opened or saved whose papers.
    # The lines of urllib3 below that level repeat whole addresses, with the phones of text messages in them.
    "loggers": {"django": {"handlers": []}, "urllib3": {"level": "WARNING"}}
    | {floor: {"level": "INFO"} for floor in ("portal", "subsidies", "talent", "accounts", "workflow", "tongban")},
}

# What the footer and the help line say of the bureau that runs the portal; empty values keep the defaults.
SITE = {
    "host": env.str("SITE_HOST", default=""),
    "operator": env.str("SITE_OPERATOR", default=""),
    "hotline": env.str("SITE_HOTLINE", default=""),
    "hours": env.str("SITE_HOURS", default=""),
    "site_code": env.str("SITE_CODE", default=""),
    "records": env.list("SITE_RECORDS", default=[]),
    "report_url": env.str("SITE_REPORT_URL", default=""),
}

UPLOAD_MAX_MB, UPLOAD_MAX_PER_MATERIAL = 10, 20
DEMO_CLOCK = DEMO
