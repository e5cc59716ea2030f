"""Settings from the environment. Outside the demo nothing secret has a default: a missing value stops the start."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from config.logs import logging_for
from config.navigation import looks
from config.parts import broker_url, database_for
from config.payments import alipay_merchant, payee_keys, wechat_app, wechatpay_merchant
from config.staff import GROUPS

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

DEMO = env.bool("ONECODE_DEMO", default=False)
HOME = Path(env.str("ONECODE_HOME", default=str(BASE_DIR / "var")))
PRIVATE_FILES = HOME / "files"

SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
if not DEMO and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY must have at least 50 characters outside the demo.")
DEBUG = False
PUBLIC_URL = env.str("ONECODE_PUBLIC_URL", default="http://127.0.0.1:8000") if DEMO else env.str("ONECODE_PUBLIC_URL")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"]) if DEMO else env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https://") else []

# The code cipher's keys, "1:<64 hex digits>,2:…"; the first issues, all verify.
CODE_KEYS_FILE = env.str("ONECODE_CODE_KEYS_FILE", default="")
CODE_KEYS = Path(CODE_KEYS_FILE).read_text().strip() if CODE_KEYS_FILE else env.str("ONECODE_CODE_KEYS")

# The local identity lets anyone be anyone: for the demo and development alone.
LOCAL_IDENTITY = env.bool("ONECODE_LOCAL_IDENTITY", default=DEMO)
if LOCAL_IDENTITY and not DEMO:
    raise ImproperlyConfigured("ONECODE_LOCAL_IDENTITY works in the demo only (ONECODE_DEMO=1).")
# Partners' subscriptions are told of events at addresses of theirs: in our own network for the demo alone.
PRIVATE_DESTINATIONS = env.bool("ONECODE_PRIVATE_DESTINATIONS", default=DEMO)
if PRIVATE_DESTINATIONS and not DEMO:
    raise ImproperlyConfigured("ONECODE_PRIVATE_DESTINATIONS works in the demo only (ONECODE_DEMO=1).")
DEFAULT_BRAND = env.str("ONECODE_DEFAULT_BRAND", default="")
TRUSTED_PROXIES = env.int("ONECODE_TRUSTED_PROXIES", default=0)
METRICS_NETWORKS = env.list("ONECODE_METRICS_NETWORKS", default=["127.0.0.0/8", "::1/128"])

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.import_export",
    "django.contrib.admin.apps.SimpleAdminConfig",  # workers need no admin: config.urls loads it
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_prometheus",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "import_export",
    "oauth2_provider",
    "pgtrigger",
    "rest_framework",
    "config",
    "core",
    "stores",
    "consumers",
    "codes",
    "rewards",
    "rewards.sandbox",
]

MIDDLEWARE = [
    "core.problems.UnavailableMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.page_middleware.StaticFiles",
    "config.security.ContentSecurityPolicyMiddleware",
    "codes.pages.middleware.DigitalLinkMiddleware",
    "config.page_middleware.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.page_middleware.SignIns",
    "config.page_middleware.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.page_middleware.Htmx",
    "consumers.session.VisitorMiddleware",
    "config.page_middleware.LockedOut",
]
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # its middleware stands there under the name LockedOut

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Web processes answer 503 when PostgreSQL hangs for so many seconds; 0, for workers and commands, waits for it.
DB_PATIENCE = env.float("ONECODE_DB_PATIENCE", default=0)
DATABASES = {"default": database_for(env.str("DATABASE_URL"), pool=env.int("DB_POOL", default=0), patience=DB_PATIENCE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL")

AUTH_USER_MODEL = "stores.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
STAFF_GROUPS = GROUPS
UNFOLD = looks(demo=DEMO)
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/dashboard/"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "stores/dashboard/locked.html"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]

SECURE = env.bool("ONECODE_HTTPS", default=not DEMO)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
if SECURE and env.bool("ONECODE_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["core.json.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.json.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "OneCode API",
    "DESCRIPTION": "Codes, traceability, scans and red envelopes. Amounts are integer fen; moments are RFC 3339, UTC.",
    "EXTERNAL_DOCS": {"url": "/docs/problems", "description": "Problems: every code, and what to do about it"},
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "OAUTH2_FLOWS": ["clientCredentials"],
    "OAUTH2_TOKEN_URL": "/oauth/token/",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = {
    "SCOPES_BACKEND_CLASS": "codes.api.scopes.PartnerScopes",
    "OAUTH2_VALIDATOR_CLASS": "codes.api.tokens.PartnerTokens",
    "SCOPES": {
        "codes": gettext_noop("Order, export, activate, void and freeze codes"),
        "review": gettext_noop("Review code orders that another client or person has placed"),
        "supply": gettext_noop("Pack, ship, receive, return, destroy and sample units"),
        "solve": gettext_noop("Solve exceptions of movements"),
        "rewards": gettext_noop("Read campaigns and payouts"),
        "redeem": gettext_noop("Redeem vouchers at stores"),
        "campaigns": gettext_noop("Draft campaigns and submit them for review"),
        "publish": gettext_noop("Review and publish campaigns that another client or person has submitted"),
        "capture": gettext_noop("Capture EPCIS events"),
        "events": gettext_noop("Query EPCIS events and subscribe to them"),
        "cases": gettext_noop("Read market cases, remark on them and close them"),
    },
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
}

CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for Valkey however long it is away
CELERY_TASK_SERIALIZER = "json"
# Of another worker than payments: minutes of work, others' webhooks, a provider's bill lists.
LONG_BOOKS = ("rewards.tasks.close_books", "rewards.tasks.compare_asked", "rewards.tasks.reconcile_yesterday")
LONG_WORK = ("codes.tasks.*", *LONG_BOOKS)
CELERY_TASK_ROUTES = {tasks: {"queue": "long"} for tasks in LONG_WORK}
CELERY_TIMEZONE = "UTC"
CELERY_DB_REUSE_MAX = 10_000
CELERY_BEAT_SCHEDULE = {
    "count pending days": {"task": "stores.tasks.count_pending", "schedule": 2.0},
    "evaluate the ladder": {"task": "stores.tasks.evaluate_ladder", "schedule": 300.0},
    "sweep payouts": {"task": "rewards.tasks.settle_due", "schedule": 2.0, "options": {"expires": 2.0}},
    "pay owners who gave an account": {"task": "rewards.tasks.create_waiting_payouts", "schedule": 30.0},
    "decide held envelopes in time": {"task": "rewards.tasks.decide_overdue", "schedule": 60.0},
    "close the books": {"task": "rewards.tasks.close_books", "schedule": 600.0},
    "reconcile with the providers": {"task": "rewards.tasks.reconcile_yesterday", "schedule": 3600.0},
    "compare days that people asked for": {"task": "rewards.tasks.compare_asked", "schedule": 60.0},
    "release lapsed promises": {"task": "rewards.tasks.release_lapsed", "schedule": 3600.0},
    "end campaigns": {"task": "rewards.tasks.end_campaigns", "schedule": 30.0},
    "go on with print files": {"task": "codes.tasks.write_waiting_files", "schedule": 10.0},
    "capture EPCIS documents": {"task": "codes.tasks.capture_waiting_documents", "schedule": 10.0},
    "take down what EPCIS events tell": {"task": "codes.tasks.take_down_effects", "schedule": 10.0},
    "write histories as EPCIS events": {"task": "codes.tasks.follow_histories", "schedule": 30.0},
    "tell EPCIS subscribers": {"task": "codes.tasks.tell_subscribers", "schedule": 5.0, "options": {"expires": 5.0}},
    "remove expired print files": {"task": "codes.tasks.remove_expired_files", "schedule": 3600.0},
    "examine the histories": {"task": "codes.tasks.examine_histories", "schedule": 10.0, "options": {"expires": 10.0}},
    "forget old idempotent calls": {"task": "core.tasks.forget_old_calls", "schedule": 3600.0},
}

# Allowances of calls, each (how many, per how many seconds); docs/operations.md says what each is for.
LIMIT_SCALE = env.float("ONECODE_LIMIT_SCALE", default=1.0)
LIMITS = {
    "sign_in.address": (60, 60),
    "scan.address": (600, 60),
    "scan.person": (120, 60),
    "page.address": (1200, 60),
    "guess.address": (60, 600),
    "guess.person": (20, 600),
    "claim.person": (120, 60),
    "nearby.person": (60, 60),
    "voucher.person": (120, 60),
    "epcis.capture": (1200, 60),
    "epcis.query": (2400, 60),
}

# Lower rooms show and ask what higher rooms have, through these lists (see docs/architecture.md).
FIGURE_SOURCES = ["codes.selectors.figures.CodeFigures", "rewards.selectors.figures.RewardFigures"]
USER_SOURCE = "codes.selectors.figures.CodeFigures"
OFFER_SOURCE = "rewards.selectors.offers.offer_for_scan"
CLOSED_OFFER_SOURCE = "rewards.selectors.offers.closed_offer_for_scan"
ENVELOPE_SOURCE = "rewards.selectors.envelopes.opened_envelope"
ERASURES = ["rewards.services.payees.forget_accounts"]
EXPORT_CHAPTERS = {
    "scans": "codes.selectors.own_scans.scans_of",
    "claims": "rewards.selectors.own_data.claims_of",
    "money": "rewards.selectors.own_data.money_of",
    "vouchers": "rewards.selectors.own_data.vouchers_of",
    "payment_accounts": "rewards.selectors.own_data.accounts_of",
}
STORE_PANELS = [
    "codes.dashboard.panels.latest_bindings",
    "codes.dashboard.panels.b_code",
    "rewards.dashboard.panels.store_rewards",
]
OVERVIEW_PANELS = ["codes.dashboard.panels.market_cases"]
DASHBOARD_LINKS = ["codes.dashboard.links.warehouse", "rewards.dashboard.links.redemptions"]
RECOUNTS = [f"rewards.selectors.{part}.differences" for part in ("balances", "closings", "tallies")]
# A store's owner who gives no account loses what was promised so many days ago; the campaign's terms must say so.
PROMISE_DAYS = env.int("ONECODE_PROMISE_DAYS", default=180)
PAYMENT_PROVIDER = (
    env.str("ONECODE_PAYMENT_PROVIDER", default="sandbox") if DEMO else env.str("ONECODE_PAYMENT_PROVIDER")
)
if not DEMO and PAYMENT_PROVIDER == "sandbox":
    raise ImproperlyConfigured("The sandbox wallet pays no real money: choose another ONECODE_PAYMENT_PROVIDER.")
PAYMENT_PROVIDERS = {"sandbox": "rewards.sandbox.provider.SandboxProvider"}
WECHATPAY = wechatpay_merchant(env, public_url=PUBLIC_URL, demo=DEMO)
# Whom WeChat Pay pays is proved by signing in with the same official account.
WECHAT_APP = wechat_app(env, WECHATPAY, demo=DEMO)
if WECHATPAY:
    PAYMENT_PROVIDERS["wechatpay"] = "rewards.services.wechatpay.wechatpay"
ALIPAY = alipay_merchant(env, demo=DEMO)
if ALIPAY:
    PAYMENT_PROVIDERS["alipay"] = "rewards.services.alipay.alipay"
# Whom it pays is proved by signing in with the same app: offered where that is what people are paid by.
ALIPAY_SIGN_IN = PAYMENT_PROVIDER == "alipay"
if PAYMENT_PROVIDER not in PAYMENT_PROVIDERS:
    raise ImproperlyConfigured(f"ONECODE_PAYMENT_PROVIDER: there is no {PAYMENT_PROVIDER}; choose wechatpay or alipay.")
# The accounts of people at providers are sealed with the first key, "1:<64 hex digits>,2:…"; all open.
PAYEE_KEYS = payee_keys(env, needed=not DEMO, secret=SECRET_KEY)
# What one payee may get a day: fen, and in how many bills.
WECHATPAY_PAYEE_DAY = (
    env.int("ONECODE_WECHATPAY_PAYEE_DAY_FEN", default=200_000),
    env.int("ONECODE_WECHATPAY_PAYEE_DAY_BILLS", default=10),
)
ALIPAY_PAYEE_DAY = (
    env.int("ONECODE_ALIPAY_PAYEE_DAY_FEN", default=200_000),
    env.int("ONECODE_ALIPAY_PAYEE_DAY_BILLS", default=10),
)
# Calls a second, from all workers together; what is not named is not paced.
PAYMENT_RATES = {
    "wechatpay": env.int("ONECODE_WECHATPAY_RATE", default=90),
    "alipay": env.int("ONECODE_ALIPAY_RATE", default=20),
}

LOGGING_CONFIG = None
logging_for(demo=DEMO)
