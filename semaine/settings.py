"""Settings, driven by the environment and safe by default; README describes every variable.

One file, though a long one: who runs the site reads it from top to bottom, and a setting is looked for in one place.
"""

import os
import secrets
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF

from semaine import embedded, error_reports, logs

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("SEMAINE_DATA") or BASE_DIR / ".data").absolute()


def flag(name: str, default: bool) -> bool:
    return os.environ.get(name, str(default)).lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    return os.environ.get(name, default).replace(",", " ").split()


def local_secret() -> str:
    """A key of this machine's own, for the demo and the tests; production sets SECRET_KEY."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(64))
        path.chmod(0o600)
    return path.read_text()


def newest_change() -> str:
    """Return when the newest file of the code changed: the same for every process that runs it."""
    folders = ("semaine", "organizers", "events", "templates", "static")
    files = (path for folder in folders for path in (BASE_DIR / folder).rglob("*.[phcj]*"))
    return str(max(path.stat().st_mtime_ns for path in files if path.suffix != ".pyc"))


# Without DATABASE_URL this is somebody's own machine: the embedded services, mails as files.
LOCAL = "DATABASE_URL" not in os.environ
DEBUG = flag("DEBUG", False)
SECRET_KEY = os.environ.get("SECRET_KEY") or (local_secret() if LOCAL else "")
# Part of the validator of every public page: a new release makes them all anew.
CODE_VERSION = os.environ.get("CODE_VERSION") or newest_change()
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost 127.0.0.1 [::1]")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SECURE = flag("HTTPS", not LOCAL)

INSTALLED_APPS = [
    "semaine",
    "organizers",
    "events",
    # Not "django.contrib.admin": only agents with a second factor enter, and nothing is discovered.
    "organizers.admin_config.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "csp",
    "django_filters",
    "leaflet",
]

MIDDLEWARE = [
    "semaine.logs.numbered",
    "semaine.metrics.measured",
    "semaine.middleware.only_utf8",
    "semaine.public_pages.conditional_first",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
# In production the proxy serves static files.
if not flag("SERVE_STATIC", LOCAL):
    MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")

ROOT_URLCONF = "semaine.urls"
WSGI_APPLICATION = "semaine.wsgi.application"
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
                "semaine.context.edition",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or embedded.database_url(DATA_DIR),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if replica := os.environ.get("DATABASE_REPLICA_URL"):
    DATABASES["replica"] = dj_database_url.parse(replica, conn_max_age=60, conn_health_checks=True)
    # Not longer: the primary is there. See semaine/replica.py.
    DATABASES["replica"].setdefault("OPTIONS", {})["connect_timeout"] = 2
    DATABASE_ROUTERS = ["semaine.replica.Router"]
# How alike a mistyped word and a word of the programme must be, for the index that finds them.
_options = "-c pg_trgm.word_similarity_threshold=0.4"
# Where PostgreSQL compiles statements, it takes longer to compile ours than to answer them.
_options += " -c jit=off"
# For `migrate` on a site with visitors: rather give up than have everybody wait behind it. For the web server, which
# sets it: rather tell one visitor to ask for less than have the others wait for the database.
for _timeout in ("lock_timeout", "statement_timeout"):
    if os.environ.get(_timeout.upper()):
        _options += f" -c {_timeout}={os.environ[_timeout.upper()]}"
for _database in DATABASES.values():
    _database.setdefault("OPTIONS", {})["options"] = _options
    # A machine that does not answer at all is away, too.
    _database["OPTIONS"].setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL") or embedded.redis_url(DATA_DIR)
CACHES = {"default": {"BACKEND": "semaine.caching.ForgivingRedisCache", "LOCATION": REDIS_URL}}
# The same server, in the words of each client.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULE = {
    # A message that nobody consumes would only pile up. Not much sooner: on a machine that is late, or whose clock is,
    # every message would be dropped and no mail would leave.
    "outbox": {"task": "semaine.tasks.send_due_mail", "schedule": 2.0, "options": {"expires": 30}},
    "imports": {"task": "events.tasks.work_on_imports", "schedule": 2.0, "options": {"expires": 30}},
    "twins": {"task": "events.tasks.look_for_twins", "schedule": 10.0, "options": {"expires": 30}},
    "addresses": {"task": "events.tasks.locate_addresses", "schedule": 20.0, "options": {"expires": 30}},
    "unused": {"task": "organizers.tasks.warn_unused", "schedule": crontab(hour=8, minute=5)},
    "retention": {"task": "semaine.tasks.erase_expired", "schedule": crontab(minute=35)},
    # Every hour of the working day: a run that was missed is made up for by the next.
    "attendance": {
        "task": "events.tasks.remind_attendance",
        "schedule": crontab(hour="9-18", minute=20),
        "options": {"expires": 3000},
    },
    # Every hour of the day: somewhere in France it is the morning.
    "digests": {
        "task": "events.tasks.send_digests",
        "schedule": crontab(minute=10),
        "options": {"expires": 3000},
    },
    # At noon; what was missed is made up for the same day.
    "snapshots": {
        "task": "events.tasks.take_snapshots",
        "schedule": crontab(hour="12-23", minute=0),
        "options": {"expires": 3000},
    },
}

AUTH_USER_MODEL = "organizers.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    *(
        {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
        for name, options in {
            # What the CNIL asks for where attempts are limited: length, no composition, and none of those that leaked.
            "UserAttributeSimilarityValidator": {},
            "MinimumLengthValidator": {"min_length": 12},
            "CommonPasswordValidator": {},
            "NumericPasswordValidator": {},
        }.items()
    ),
    {"NAME": "organizers.password_words.SiteWordsValidator"},
    {"NAME": "organizers.leaked_passwords.LeakedPasswordValidator"},
]
# The path of a file, see `organizers.leaked_passwords`; none: nothing is compared with it.
LEAKED_PASSWORDS = os.environ.get("LEAKED_PASSWORDS", "")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "space"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "organizers.accounts.AccountAdapter"
MFA_ADAPTER = "organizers.accounts.KeysAdapter"
SOCIALACCOUNT_ADAPTER = "organizers.accounts.ProviderAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# To sign in; signing up asks for none: see SignupForm.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_ALLOW_REGISTRATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# A mail may take its time.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_FORMS = {
    "login": "organizers.account_forms.LoginForm",
    "signup": "organizers.account_forms.SignupForm",
    "reset_password": "organizers.account_forms.ResetPasswordForm",
    "reset_password_from_key": "organizers.account_forms.ResetPasswordKeyForm",
    "request_login_code": "organizers.account_forms.RequestLoginCodeForm",
    "confirm_login_code": "organizers.account_forms.ConfirmLoginCodeForm",
    "reauthenticate": "organizers.account_forms.ReauthenticateForm",
    "add_email": "organizers.account_forms.ChangeEmailForm",
    "change_password": "organizers.account_forms.ChangePasswordForm",
    "set_password": "organizers.account_forms.SetPasswordForm",
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Semaine de l’industrie"
MFA_FORMS = {
    "add_webauthn": "organizers.key_forms.AddKeyForm",
    "edit_webauthn": "organizers.key_forms.RenameKeyForm",
    "login_webauthn": "organizers.key_forms.LoginKeyForm",
    "authenticate_webauthn": "organizers.key_forms.SecondFactorKeyForm",
    "reauthenticate_webauthn": "organizers.key_forms.KeyAgainForm",
    "authenticate": "organizers.key_forms.SecondFactorForm",
    "reauthenticate": "organizers.key_forms.SecondFactorAgainForm",
    "activate_totp": "organizers.key_forms.ActivateAppForm",
}
# An identity provider for agents and professionals; nothing of it shows without these.
# To the letter as the provider writes it, a slash at the end included.
PROCONNECT_ISSUER = os.environ.get("PROCONNECT_ISSUER", "")
PROCONNECT_ORIGIN = "/".join(PROCONNECT_ISSUER.split("/")[:3])
# ProConnect refuses a parameter that it does not know, and does not say whether an address is verified.
PROCONNECT_PKCE = flag("PROCONNECT_PKCE", True)
PROCONNECT_EMAIL_VERIFIED = flag("PROCONNECT_EMAIL_VERIFIED", False)
SOCIALACCOUNT_PROVIDERS = {
    "proconnect": {
        "APPS": [
            {
                "name": os.environ.get("PROCONNECT_NAME", "ProConnect"),
                "client_id": os.environ.get("PROCONNECT_CLIENT_ID", ""),
                "secret": os.environ.get("PROCONNECT_CLIENT_SECRET", ""),
                "settings": {"scope": words("PROCONNECT_SCOPE", "openid given_name usual_name email")},
            }
        ]
        if PROCONNECT_ISSUER
        else [],
    }
}
# An address that the provider calls verified opens the account that bears it.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
# Pictures of events: re-encoded by us, served beside the pages and never run.
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT") or DATA_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# `manage.py backup`: for whom it is encrypted, how many days, weeks and months keep one, and whose pg_dump.
BACKUP_RECIPIENT = os.environ.get("BACKUP_RECIPIENT", "")
BACKUP_KEEP = os.environ.get("BACKUP_KEEP") or "7 5 12"
PG_BIN = os.environ.get("PG_BIN", "")

if os.environ.get("EMAIL_HOST"):
    EMAIL_HOST = os.environ["EMAIL_HOST"]
    EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
    EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_TLS = flag("EMAIL_USE_TLS", True)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get(
    "DEFAULT_FROM_EMAIL", "Semaine de l’industrie <ne-pas-repondre@example.org>"
)

# A tile server sees the visitor's address: none unless the operator names one.
TILE_URL = os.environ.get("TILE_URL", "")
TILE_ATTRIBUTION = os.environ.get("TILE_ATTRIBUTION") or "© IGN"
TILE_HOST = "/".join(TILE_URL.split("/")[:3])
LEAFLET_CONFIG = {"TILES": [], "RESET_VIEW": False}

# The API: JSON and nothing else, without session and cookie. Its framework is no app: nothing of it is shown.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["events.api.parsing.PlainJson"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "events.api.parsing.OnlyJson",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "events.api.schema.Described",
    "EXCEPTION_HANDLER": "events.api.errors.in_french",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Semaine de l’industrie",
    "VERSION": "1",
    "SERVERS": [{"url": SITE_URL}],
    "POSTPROCESSING_HOOKS": [],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "DISABLE_ERRORS_AND_WARNINGS": False,
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}
# How often one address may call the API in a minute.
API_LIMITS = {
    "read": int(os.environ.get("API_READS_PER_MINUTE", "600")),
    "check": int(os.environ.get("API_CHECKS_PER_MINUTE", "60")),
    "write": int(os.environ.get("API_WRITES_PER_MINUTE", "300")),
}
# How often one address may ask in a minute for the programme as a file, or as a PDF.
FILES_PER_MINUTE = int(os.environ.get("FILES_PER_MINUTE", "60"))

# Whether a service that is asked may be on this machine (see `semaine.outgoing`): so it is for who tries the site.
OUTGOING_LOOPBACK = LOCAL
# Where inside a configured service may be, as "10.0.0.5:7878 …": its IP address, and its port.
OUTGOING_INTERNAL = words("OUTGOING_INTERNAL")
# The State's company register, where a SIRET is looked up; nothing needs its answer.
COMPANY_REGISTER_URL = os.environ.get(
    "COMPANY_REGISTER_URL", "https://recherche-entreprises.api.gouv.fr"
).rstrip("/")
# The national address service, which gives the point of an address; empty: communes' centres only.
GEOCODER_URL = os.environ.get("GEOCODER_URL", "https://data.geopf.fr/geocodage/search")
# The agendas whose API `import_openagenda` may read: scheme, host and port of each.
AGENDA_ORIGINS = words("AGENDA_ORIGINS", "https://api.openagenda.com")

# What the law asks a site to say of who runs it; its pages say what is missing.
OPERATOR = {
    name.lower(): os.environ.get(f"OPERATOR_{name}", "").strip()
    for name in (
        "PUBLISHER",
        "CONTACT",
        "DIRECTOR",
        "HOST",
        "PRIVACY_CONTACT",
        "SECURITY_CONTACT",
        "RETENTION",
        "LOG_RETENTION",
        "ACCESSIBILITY_CONTACT",
        "ACCESSIBILITY_DATE",
        "ACCESSIBILITY_SCHEME",
        "ACCESSIBILITY_PLAN",
    )
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *([TILE_HOST] if TILE_HOST else [])],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *([PROCONNECT_ORIGIN] if PROCONNECT_ORIGIN else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY = {
    "camera": [],
    "geolocation": "self",
    "microphone": [],
    "payment": [],
    "usb": [],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
# The browser takes a cookie of such a name from this very site alone, and over HTTPS alone.
OURS_ALONE = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{OURS_ALONE}sessionid", f"{OURS_ALONE}csrftoken"
CSRF_COOKIE_HTTPONLY = True
# How long they last is in the engine.
SESSION_ENGINE = "organizers.sessions"
SESSION_COOKIE_AGE = 30 * 86_400
MESSAGE_STORAGE = "semaine.message_cookie.Storage"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REDIRECT_EXEMPT = [r"^sante(/pret)?$"]
if flag("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP"

LOGGING = logs.configuration(
    os.environ.get("LOG_FORMAT") or ("text" if LOCAL else "json"), os.environ.get("LOG_LEVEL", "WARNING")
)
# Who may read `/metrics`, and what is counted there beside the requests.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
METRICS = [
    "semaine.metrics.outbox",
    "semaine.metrics.tasks",
    "events.metrics.decisions",
    "events.metrics.imports",
]
# What is erased with time.
REGISTER = ["semaine.register.PROCESSINGS", "organizers.register.PROCESSINGS", "events.register.PROCESSINGS"]
RETENTION = ["organizers.retention.LINES", "events.retention.LINES", "semaine.retention.LINES"]
if SENTRY_DSN := os.environ.get("SENTRY_DSN"):
    environment = os.environ.get("SENTRY_ENVIRONMENT") or "production"
    error_reports.start(SENTRY_DSN, environment=environment, release=CODE_VERSION)
