"""Settings: one file that reads the environment; every default works on a bare machine."""

from pathlib import Path

from django.utils.translation import gettext_lazy
from environs import Env

from apps.access.domain.approval import Verdict
from apps.bills.domain.pauses import PauseReason
from apps.cases.domain.arrangements import ArrangementKind
from config.embedded import paths

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)

DEBUG = env.bool("DEBUG", False)
VAR_DIR = env.path("WHITESLIP_VAR", paths.var_dir())
SECRET_KEY = env.str("SECRET_KEY", None) or paths.secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "apps.core",
    "apps.audit",
    "apps.access",
    "apps.closing",
    "apps.customers",
    "apps.credit",
    "apps.bills",
    "apps.outreach",
    "apps.cases",
    "apps.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "apps.audit.middleware.RequestContext",
    "apps.access.middleware.Walls",
    "apps.access.middleware.Emergencies",
    "apps.access.middleware.store.Presence",
    "apps.access.middleware.LoginRequired",
    "apps.access.middleware.factors.SecondFactors",
    "apps.access.middleware.Denials",
    "apps.core.middleware.Refusals",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.access.context.shell",
            ],
            "builtins": ["apps.core.templatetags.figures", "apps.core.templatetags.shell"],
        },
    },
]

# Three roles from the start: the owner migrates, the app runs, the auditor reads.
DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL", paths.database_url("whiteslip_app"), conn_max_age=60, conn_health_checks=True
    ),
    "owner": env.dj_db_url("DATABASE_OWNER_URL", paths.database_url("whiteslip_owner")),
    "auditor": env.dj_db_url("DATABASE_AUDITOR_URL", paths.database_url("whiteslip_auditor")),
}
DATABASE_WALLED_ROLE = env.str("DATABASE_WALLED_ROLE", "whiteslip_walled")  # without a log-in of its own
TEMPLATE_DATABASE = env.str("TEMPLATE_DATABASE", "")  # migrated and empty: what a benchmark's database is copied from
DATABASE_ROUTERS = ["apps.core.routers.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The trail's seals: who signs, with which key, and where checkpoints go that whoever rules the database does not rule.
AUDIT_ORIGIN = env.str("AUDIT_ORIGIN", "whiteslip/audit")
AUDIT_KEY = env.str("AUDIT_KEY", "")  # PEM; else the file
AUDIT_KEY_FILE = env.str("AUDIT_KEY_FILE", str(paths.var_dir() / "keys" / "audit.pem"))
AUDIT_ANCHORS = env.str("AUDIT_ANCHORS", str(paths.var_dir() / "anchors"))
AUDIT_EXPORTS = env.str("AUDIT_EXPORTS", str(paths.var_dir() / "exports"))
AUDIT_COLD = env.str("AUDIT_COLD", str(paths.var_dir() / "cold"))  # what left the database
CONTROL_EMAILS: list[str] = env.list("CONTROL_EMAILS", [])  # told when a role is taken in an emergency
AUDIT_ANCHOR_EMAILS: list[str] = env.list("AUDIT_ANCHOR_EMAILS", [])  # who gets checkpoints by mail
AUDIT_ANCHOR_EMAIL_HOURS = env.int("AUDIT_ANCHOR_EMAIL_HOURS", 24)  # between two of them at least
AUDIT_ANCHOR_WEBHOOKS: list[str] = env.list("AUDIT_ANCHOR_WEBHOOKS", [])  # addresses to which they are posted
AUDIT_ANCHOR_WEBHOOK_SECONDS = env.int("AUDIT_ANCHOR_WEBHOOK_SECONDS", 60)
AUDIT_ANCHOR_SECRET = env.str("AUDIT_ANCHOR_SECRET", "")  # of the keyed digest under what is posted
AUDIT_COSIGNERS: list[str] = env.list("AUDIT_COSIGNERS", [])  # public keys (C2SP) of those who sign that they saw us

# The keys that lock second factors' secrets (AES-256-GCM): "1 base64,2 base64", else the file, made on first use.
SECRETS_KEYS = env.str("SECRETS_KEYS", "")
SECRETS_KEY_FILE = env.str("SECRETS_KEY_FILE", str(paths.var_dir() / "keys" / "secrets.keys"))

# The keys of personal data: JSON in the environment, else a file outside the database (docs/personal-data.md).
PERSONAL_KEYS = env.str("PERSONAL_KEYS", "")
REVEALS_PER_HOUR = env.int("REVEALS_PER_HOUR", 30)  # personal values shown to one person, above which is an alarm
PERSONAL_KEY_FILE = env.str("PERSONAL_KEY_FILE", str(paths.var_dir() / "keys" / "personal.json"))

# Years for which records of a class of events are kept; personal data are erased when the longest of them is over.
RETENTION_YEARS: dict[str, int] = {"money": 7, "collection": 5, "message": 5, "trail": 7} | env.dict(
    "RETENTION_YEARS", {}, subcast_values=int
)

CELERY_BROKER_URL = env.str("BROKER_URL", paths.broker_url())
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "unacked_restore_throttle": 1}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"

AUTH_USER_MODEL = "access.User"
LOGIN_URL = "access:login"
LOGIN_REDIRECT_URL = "access:home"
LOGOUT_REDIRECT_URL = "access:login"
CSRF_FAILURE_VIEW = "apps.core.views.csrf_failure"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

SESSION_ENGINE = "apps.access.middleware.store"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 60)  # unless a role says less or more
STEP_UP_MINUTES = env.int("STEP_UP_MINUTES", 15)  # for how long somebody who proved who they are may approve
SESSION_LIFETIME_HOURS = env.int("SESSION_LIFETIME_HOURS", 12)  # however much it is used

# Single sign-on by OpenID Connect; without an issuer there is none.
OIDC_ISSUER = env.str("OIDC_ISSUER", "")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", "")
OIDC_SCOPE = env.str("OIDC_SCOPE", "openid profile")
OIDC_USERNAME_CLAIM = env.str("OIDC_USERNAME_CLAIM", "preferred_username")
OIDC_GROUPS_CLAIM = env.str("OIDC_GROUPS_CLAIM", "groups")
OIDC_ROLES: dict[str, str] = env.dict("OIDC_ROLES", {})  # the service's groups and the roles that they give
OIDC_LINK = env.bool("OIDC_LINK", False)  # whether somebody here is taken for whoever has the same user name there
OIDC_PROVISION = env.bool("OIDC_PROVISION", False)  # whether somebody unknown is taken on
OIDC_TRUSTED_AMR: list[str] = env.list("OIDC_TRUSTED_AMR", [])  # ways of the service that count as a second factor

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "templates" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True  # served from where they lie: nothing to collect
WHITENOISE_IMMUTABLE_FILE_TEST = r"/vendor/[^/]+-\d"  # their folders carry the version

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
HTTPS = env.bool("HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # the browsers' preload list is for the owner of the whole domain to enter
PROXIES = env.int("PROXIES", 0)  # of our own in front, each of which adds to X-Forwarded-For whom it saw
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.access.guard.SignedIn", "apps.access.api.bearer.ByToken"],
    "DEFAULT_PERMISSION_CLASSES": ["apps.access.guard.HasPermission"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "apps.core.api.ByKey",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "apps.core.api.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "PAGE_SIZE": 100,
}
FILTERS_EMPTY_CHOICE_LABEL = gettext_lazy("any")
SPECTACULAR_SETTINGS = {
    "TITLE": "Whiteslip",
    "DESCRIPTION": "The back office of a buy-now-pay-later lender. Amounts are strings with two decimals. Lists go "
    "from key to key by `next` and `previous`. A body or a filter that cannot be read is answered with 400 and the "
    "sentences for each field; whatever else is refused, with a `code` for programs and a sentence in `detail`.",
    "ENUM_NAME_OVERRIDES": {
        "PauseReasonEnum": [(reason.value, reason.value) for reason in PauseReason],
        "VerdictEnum": [(verdict.value, verdict.value) for verdict in Verdict],
        "ArrangementKindEnum": [(kind.value, kind.value) for kind in ArrangementKind],
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "apps.core.api.with_errors"],
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

email = env.dj_email_url("EMAIL_URL", "smtp://127.0.0.1:2525")
EMAIL_BACKEND = email["EMAIL_BACKEND"]
EMAIL_HOST = email["EMAIL_HOST"]
EMAIL_PORT = email["EMAIL_PORT"]
EMAIL_HOST_USER = email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
OUTBOX_BATCH = env.int("OUTBOX_BATCH", 500)  # messages sent in one transaction: sent again if it is killed
LENDER_NAME = env.str("LENDER_NAME", "Whiteslip")  # as the texts to customers name who writes
SITE_ADDRESS = env.str("SITE_ADDRESS", "http://127.0.0.1:8000")  # as customers reach the pages that are for them
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Whiteslip <noreply@whiteslip.example>")
