"""One file, read from top to bottom. Every variable it asks for stands in .env.example."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from shop import env

BASE_DIR = Path(__file__).resolve().parent.parent
env.load_file(BASE_DIR / ".env")
# Database, photos, collected static files; not in the repository.
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)

# -- Where we are --------------------------------------------------------------------------------
PORT = env.number("PORT", 8000, least=1, most=65535)
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
_LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ",".join(_LOOPBACK_HOSTS))
# Reachable under any other name means production: no default secret, no demo sign-ins.
PRODUCTION = (
    any(host not in _LOOPBACK_HOSTS for host in ALLOWED_HOSTS)
    or urlsplit(SITE_URL).hostname not in {"127.0.0.1", "localhost", "::1"}
    or SITE_URL.startswith("https://")
)
DEBUG = False

_DEFAULT_SECRET = "only-for-this-machine-not-a-secret"  # noqa: S105  refused in production, below
SECRET_KEY = env.text("SECRET_KEY", _DEFAULT_SECRET)
# Encrypts provider keys at rest: one or two Fernet keys, comma-separated, the first one writes.
_DEFAULT_FIELD_KEY = "b25seS1mb3ItdGhpcy1tYWNoaW5lLW5vdC1zZWNyZXQ="  # refused in production, below
FIELD_KEY = env.text("FIELD_KEY", "" if PRODUCTION else _DEFAULT_FIELD_KEY)
try:
    [Fernet(key.strip()) for key in FIELD_KEY.split(",") if key.strip()]
except ValueError as no_key:
    raise ImproperlyConfigured("FIELD_KEY: not a Fernet key (see .env.example)") from no_key
DEMO = env.flag("DEMO")  # None: on only while no real organization exists (cooperatives/demo_mode.py)
if PRODUCTION:
    if SECRET_KEY == _DEFAULT_SECRET or len(SECRET_KEY) < 40:
        raise ImproperlyConfigured("SECRET_KEY: production needs a random secret of 40 characters or more")
    if not FIELD_KEY.strip(" ,") or _DEFAULT_FIELD_KEY in FIELD_KEY:
        raise ImproperlyConfigured("FIELD_KEY: production needs a Fernet key of its own (see .env.example)")
    if DEMO:
        raise ImproperlyConfigured("DEMO: production does not start with the demo on")
    DEMO = False

# -- The house, ground floor last -------------------------------------------------------------------
INSTALLED_APPS = [
    "storefront",
    "payments",
    "orders",
    "catalog",
    "cooperatives",
    "graphene_django",
    "allauth",
    "allauth.account",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A page of 20 KB is 5 KB on a bad line. Django pads at random, so that lengths tell no secret (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "storefront.basket_cookie.BasketCookieMiddleware",
    "storefront.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "storefront.request_size.RequestSizeMiddleware",  # before the check that reads what was posted
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "storefront.not_allowed.NotAllowedPageMiddleware",
]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "shop" / "templates"],  # GraphiQL's page: the roof is no app
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "storefront.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# -- Database: SQLite by default, PostgreSQL by DATABASE_URL -------------------------------------------
DATABASES = {"default": dj_database_url.parse(env.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'chophien.sqlite3'}"))}
_database = DATABASES["default"]
_database["CONN_MAX_AGE"] = 600  # opening one costs more than most requests do
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        # A writer waits at BEGIN instead of failing in the middle.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: a power cut loses no acknowledged đồng. recursive_triggers: REPLACE meets the ledger's walls.
        # cache_size: 16 MB a connection; with SQLite's own 2 MB a long file is written and read again page by page.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; PRAGMA cache_size=-16384;"
        ),
    }
elif _database["ENGINE"] == "django.db.backends.postgresql":
    _database["CONN_HEALTH_CHECKS"] = True
    # As on SQLite nobody waits for a lock without end; who froze while holding one is shown the door.
    _PATIENCE = "-c lock_timeout=20s -c idle_in_transaction_session_timeout=60s"
    _database["OPTIONS"] = {"connect_timeout": 5, "options": _PATIENCE, **_database.get("OPTIONS", {})}
else:
    raise ImproperlyConfigured("DATABASE_URL: SQLite and PostgreSQL are supported")
ATOMIC_REQUESTS = False  # verbs own their transactions; evidence is committed before it is acted on
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SEARCH_URL = env.text("SEARCH_URL")
if SEARCH_URL and not re.fullmatch(r"https?://[^/?#\s]+(/[a-z0-9][a-z0-9_-]*)?/?", SEARCH_URL):
    raise ImproperlyConfigured("SEARCH_URL: http://HOST:9200 is expected, or with /NAME of an index in small letters")
STRIPE_API_BASE = env.text("STRIPE_API_BASE").rstrip("/")  # empty: Stripe's own address
if PRODUCTION and STRIPE_API_BASE and not STRIPE_API_BASE.startswith("https://"):
    raise ImproperlyConfigured("STRIPE_API_BASE: production speaks https only")
# Host of a provider → address of a stand-in for it. Only tests fill it: what it names is asked without TLS.
PROVIDER_STAND_INS: dict[str, str] = {}

# Rate counters of sign-in live where all processes see them.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"}}

# -- People ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "cooperatives.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "cooperatives.signing_in.PhoneAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# How many proxies of ours stand in front: without it every visitor would share one address and one limit.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0, least=0, most=5)
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "after-sign-in"
LOGOUT_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = 180 * 24 * 3600  # a member's own phone stays signed in
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_FAILURE_VIEW = "storefront.views.errors.csrf_failure"

# -- Language, time: Vietnamese first ---------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# -- Files ---------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "shop" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "storefront.assets.HashedAssets"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # everything but files; files: storefront/request_size.py
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# -- What a browser may do ---------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # the proxy in front speaks TLS and redirects
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    CSRF_TRUSTED_ORIGINS = [f"{urlsplit(SITE_URL).scheme}://{urlsplit(SITE_URL).netloc}"]

# -- GraphQL ---------------------------------------------------------------------------------------------
GRAPHENE = {
    "SCHEMA": "shop.schema.schema",
    "RELAY_CONNECTION_MAX_LIMIT": 100,
    "DJANGO_CHOICE_FIELD_ENUM_CONVERT": False,
}

# Documents that pages may ask for by hash, over GET.
PERSISTED_DOCUMENTS = BASE_DIR / "shop" / "persisted"

# -- Logs: one line each, no personal data -----------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"tokens": {"()": "shop.log_lines.HideTokens"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tokens"]}},
    # Of a statement line that it cannot read it logs every word, payer and memo among them.
    # Of the search node every single question.
    "loggers": {"mt940": {"level": "CRITICAL", "propagate": False}, "elastic_transport": {"level": "WARNING"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
