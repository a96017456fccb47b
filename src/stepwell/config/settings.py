"""Django's settings, derived from `SiteSettings`."""

from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from stepwell.config.site import SiteSettings
from stepwell.core.mail_servers import parse_mail_url

SITE = SiteSettings()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = SITE.read_secret_key()
DEBUG = SITE.debug
ALLOWED_HOSTS = SITE.hosts
CSRF_TRUSTED_ORIGINS = [SITE.address] if SITE.address else []
IS_HTTPS = SITE.address.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "django_htmx",
    "django_prose_editor",
    "django_tasks_db",
    "stepwell.core",
    "stepwell.school",
    "stepwell.accounts",
    "stepwell.courses",
    "stepwell.learning",
    "stepwell.gamification",
    "stepwell.transfer",
    "stepwell.web",
]

MIDDLEWARE = [
    "stepwell.core.slow_views.SlowLibraryViewsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",  # before those that refuse in words
    "stepwell.config.hosts.HostMiddleware",
    "stepwell.web.compression.CompressionMiddleware",
    "stepwell.web.content_security.ContentSecurityPolicyMiddleware",
    "stepwell.web.middleware.FreshPagesMiddleware",
    "stepwell.config.bad_requests.RefuseUnreadableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "stepwell.accounts.middleware.SessionUserMiddleware",
    "stepwell.accounts.middleware.TimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "stepwell.web.ways_back.SignInAgainMiddleware",
    "stepwell.web.ways_back.MethodNotAllowedMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "stepwell.web.middleware.AccountPagesMiddleware",
    "stepwell.web.middleware.DomainErrorMiddleware",
    "stepwell.web.middleware.FormerAddressMiddleware",
]

CSRF_FAILURE_VIEW = "stepwell.web.views.errors.csrf_failure"
ROOT_URLCONF = "stepwell.config.urls"
APPEND_SLASH = True

ON_EVERY_PAGE = [
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "stepwell.web.context.site",
]
TEMPLATES = [
    {
        # Our own pages; docs/decisions/0012.
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "environment": "stepwell.web.jinja.environment",
            "context_processors": [*ON_EVERY_PAGE, "stepwell.web.context.page"],
        },
    },
    {
        # The pages and mails of allauth, which come in this language.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "account_templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                *ON_EVERY_PAGE,
                "django.template.context_processors.request",
                "stepwell.web.context.mail",
            ],
            "builtins": ["stepwell.web.templatetags.stepwell"],
        },
    },
]

if SITE.database_url:
    DATABASES = {
        "default": dj_database_url.parse(
            SITE.database_url, conn_max_age=600, conn_health_checks=True
        )
    }
    if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
        # What is asked again and again is planned once by each connection; docs/decisions/0018.
        DATABASES["default"]["OPTIONS"] = {
            "server_side_binding": True,
            "prepare_threshold": 2,
            **DATABASES["default"].get("OPTIONS", {}),
        }
else:
    DATABASES = {
        "default": {
            "ENGINE": "stepwell.core.sqlite",
            "NAME": str(SITE.data / "stepwell.sqlite3"),
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                # IMMEDIATE takes the write lock at the start, so that no action fails half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: SQLite syncs each commit before it returns.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Work that takes longer than a page: `serve` starts a worker for it; docs/decisions/0020.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# What sign-in counts must be one figure for all processes; see docs/decisions/0005.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my-learning"

ACCOUNT_ADAPTER = "stepwell.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "stepwell.accounts.forms.sign_up.NameForm"
ACCOUNT_FORMS = {
    "login": "stepwell.accounts.forms.account.LoginForm",
    "signup": "stepwell.accounts.forms.account.SignUpForm",
    "add_email": "stepwell.accounts.forms.account.ChangeEmailForm",
    "change_password": "stepwell.accounts.forms.account.ChangePasswordForm",
    "set_password": "stepwell.accounts.forms.account.SetPasswordForm",
    "reset_password": "stepwell.accounts.forms.account.ResetPasswordForm",
    "reset_password_from_key": "stepwell.accounts.forms.account.ResetPasswordKeyForm",
    "user_token": "stepwell.accounts.forms.account.UserTokenForm",
    "reauthenticate": "stepwell.accounts.forms.account.ReauthenticateForm",
}
ACCOUNT_EMAIL_VERIFICATION = SITE.email_verification
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_HTTPS else "http"
ACCOUNT_USER_DISPLAY = "stepwell.accounts.models.display_name"
ACCOUNT_PREVENT_ENUMERATION = True
# A class sits behind one address: what guards an account counts per account, and the figures per
# address leave room for everyone in it.
ACCOUNT_RATE_LIMITS = {
    "signup": "100/m/ip",
    "login": "200/m/ip",
    "login_failed": "100/m/ip,5/5m/key",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "100/m/ip",
}
MFA_RATE_LIMITS = {"webauthn_login": "200/m/ip"}
# The proxy that speaks HTTPS for us also says whom it speaks for.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if IS_HTTPS else 0
MFA_ADAPTER = "stepwell.accounts.adapter.TwoStepAdapter"
MFA_FORMS = {
    "authenticate": "stepwell.accounts.forms.two_step.AuthenticateForm",
    "reauthenticate": "stepwell.accounts.forms.two_step.ReauthenticateForm",
    "activate_totp": "stepwell.accounts.forms.two_step.ActivateTOTPForm",
    "add_webauthn": "stepwell.accounts.forms.two_step.AddPasskeyForm",
    "edit_webauthn": "stepwell.accounts.forms.two_step.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers offer passkeys over plain HTTP on localhost only; nowhere else is this a weakening.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
SOCIALACCOUNT_ADAPTER = "stepwell.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {"signup": "stepwell.accounts.forms.social.SignUpForm"}
SOCIALACCOUNT_PROVIDERS = {}
if SITE.oidc_issuer:  # loaded only then: it takes 6 MB in each process
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": SITE.oidc_name or _("single sign-on"),
                "client_id": SITE.oidc_client_id,
                "secret": SITE.oidc_client_secret,
                "settings": {"server_url": SITE.oidc_issuer},
            }
        ]
    }

EMAIL = parse_mail_url(SITE.email_url) if SITE.email_url else {}
EMAIL_BACKEND = "stepwell.school.mail.SchoolEmailBackend"
# What it takes where the owner has set nothing in the browser.
EMAIL_WAY_OUT = EMAIL.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = SITE.data / "mail"
EMAIL_HOST = EMAIL.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = EMAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = EMAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 30  # seconds; only the worker waits
DEFAULT_FROM_EMAIL = SERVER_EMAIL = SITE.email_from

LANGUAGE_CODE = SITE.language
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = IS_HTTPS
TIME_ZONE = SITE.time_zone
USE_TZ = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # the longest lesson, as the visual editor sends it
FORM_RENDERER = "stepwell.web.form_fields.FormRenderer"
FILE_UPLOAD_HANDLERS = [
    "stepwell.web.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

STATIC_URL = "/static/"
STATIC_ROOT = SITE.data / "static"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
MEDIA_ROOT = SITE.data / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "stepwell.config.static_files.BundledStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 60
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Source maps are large, and nobody but a developer of these libraries opens them.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

SESSION_ENGINE = "stepwell.accounts.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "default-src": ["'self'"],
    # The rules are data; they name what browsers may fetch beforehand, and run nothing.
    "script-src": ["'self'", "'inline-speculation-rules'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "media-src": ["'self'", "https:"],
    # Players load only after a click; see core/markdown.
    "frame-src": [
        "https://www.youtube-nocookie.com",
        "https://player.vimeo.com",
        "https://www.loom.com",
    ],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    # Browsers apply this to redirects too, and single sign-on may hop over several hosts.
    "form-action": ["'self'", *(["https:", SITE.oidc_issuer] if SITE.oidc_issuer else [])],
    "frame-ancestors": ["'none'"],
}

LOG_LINE = "{asctime} {levelname} {name} {message}"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": LOG_LINE, "style": "{"},
        "one_line": {"()": "stepwell.config.logs.OneLineFormatter", "fmt": LOG_LINE, "style": "{"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "refused": {"class": "logging.StreamHandler", "formatter": "one_line"},
    },
    "root": {"handlers": ["console"], "level": SITE.log_level},
    # A request that is refused with 400 gets a line.
    # The worker would say every half second that it looks for work.
    "loggers": {
        "django.security": {"handlers": ["refused"], "propagate": False},
        "django_tasks_db": {"level": "WARNING"},
    },
}
