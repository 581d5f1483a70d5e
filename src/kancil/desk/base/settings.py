"""Django's settings, made from a workspace and never read at import.

SQLite in WAL mode with immediate transactions, or PostgreSQL when a URL is given. The key that
signs sessions is derived from the workspace's secret, so that no second secret lies about.
"""

from __future__ import annotations

import secrets
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kancil.custody.errors import KeyNotFound
from kancil.custody.keys import KeyRing
from kancil.ground.workspace import Site, Workspace

from .errors import DatabaseUrlWrong

BUSY_SECONDS = 20
"""How long a writer waits for another one, on either database."""
# The file is read through a mapping that all threads share; each one's own cache can be small.
_PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
    "PRAGMA mmap_size=134217728;PRAGMA cache_size=-8000;"
)
_STATIC = Path(__file__).parents[2] / "web" / "static"
_APPS_BELOW = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]
_APPS_ABOVE = ["kancil.web", "allauth", "allauth.account", "allauth.mfa", "axes"]
APPS_UNIT = [
    *_APPS_BELOW,
    "kancil.desk.custody",
    "kancil.desk.people",
    "kancil.desk.cases",
    "kancil.desk.selectors",
    "kancil.desk.studies",
    "kancil.desk.jobs",
    *_APPS_ABOVE,
]
APPS_CLASSROOM = [
    *APPS_UNIT,
    "kancil.desk.training",
]
"""A unit's own rooms, and training."""
APPS_PROGRAMME = [
    *_APPS_BELOW,
    "kancil.desk.people",
    "kancil.desk.jobs",
    "kancil.desk.assessment",
    "kancil.desk.packages",
    "kancil.desk.programme",
    *_APPS_ABOVE,
]
"""No case books: what is not installed has no table here, and no query reaches it."""
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kancil.web.guard.content_security",
    "kancil.web.training_mark.marked",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "kancil.web.receiving.bounded",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kancil.web.guard.speak_to_reader",
    "kancil.web.guard.tell_errors",
    "axes.middleware.AxesMiddleware",
]


def settings_for(workspace: Workspace, database_url: str | None) -> dict[str, Any]:
    """The settings of a workspace's desk, for the site it serves; raises DatabaseUrlWrong."""
    return {
        **_settings_of_both(workspace, database_url),
        **_SITES[workspace.site],
    }


def _settings_of_both(workspace: Workspace, database_url: str | None) -> dict[str, Any]:
    return {
        "SECRET_KEY": _session_key(workspace),
        "DEBUG": False,
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
        "DATABASES": {"default": database_for(workspace, database_url)},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "MIDDLEWARE": MIDDLEWARE,
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "USE_I18N": True,
        "LANGUAGE_CODE": "en",
        "AUTH_USER_MODEL": "people.Person",
        "FILE_UPLOAD_TEMP_DIR": str(workspace.uploads_dir),
        "SILENCED_SYSTEM_CHECKS": ["axes.W006"],  # locking by name alone is meant; see decision 28
        "STATIC_URL": f"/static/{static_digest()}/",
        "TASKS": {"default": {"BACKEND": "kancil.desk.jobs.backend.DeskBackend"}},
        **_PAGES,
        **_SIGN_IN,
    }


@cache
def static_digest() -> str:
    """Name the pages' fixed files by their content, in the address under which all of them stand.

    So a browser may keep them for ever: another version of any of them has another address, and
    what they name relative to themselves (fonts, modules) has it too.
    """
    digest = sha256(version("django-allauth").encode())
    for path in sorted(_STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(_STATIC).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _never_changes(_path: str, _address: str) -> bool:
    return True


def database_for(workspace: Workspace, url: str | None) -> dict[str, Any]:
    """The database's settings: PostgreSQL by URL, else the workspace's own SQLite file."""
    if url is None:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(workspace.desk_path),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": BUSY_SECONDS,
                "init_command": _PRAGMAS,
            },
        }
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise DatabaseUrlWrong from error
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in ("postgresql", "postgres") or not name:
        raise DatabaseUrlWrong
    options = dict(parse_qsl(parts.query))
    given = options.get("options", "")
    options["options"] = f"-c lock_timeout={BUSY_SECONDS}s {given}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": "" if port is None else str(port),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _session_key(workspace: Workspace) -> str:
    """Derive the key for sessions from the workspace's secret (RFC 5869).

    A workspace restored without its keys has none: sessions then end with the process.
    """
    try:
        secret = KeyRing(workspace.keys_dir).secret()
    except KeyNotFound:
        return secrets.token_hex(32)
    return HKDF(SHA256(), 32, None, b"kancil desk sessions").derive(secret).hex()


def _templates(shell: str) -> list[dict[str, Any]]:
    """The template engine; `shell`: what gives every template the frame of its site."""
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [str(Path(__file__).parents[2] / "web" / "templates")],
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                    shell,
                ]
            },
        }
    ]


_UNIT: dict[str, Any] = {
    "INSTALLED_APPS": APPS_UNIT,
    "ROOT_URLCONF": "kancil.web.sites.unit",
    "TEMPLATES": _templates("kancil.web.page.shell"),
}
_PROGRAMME: dict[str, Any] = {
    "INSTALLED_APPS": APPS_PROGRAMME,
    "ROOT_URLCONF": "kancil.web.sites.programme",
    "TEMPLATES": _templates("kancil.web.programme_page.shell"),
}
_CLASSROOM: dict[str, Any] = {
    **_UNIT,
    "INSTALLED_APPS": APPS_CLASSROOM,
    "ROOT_URLCONF": "kancil.web.sites.classroom",
}
_SITES = {Site.UNIT: _UNIT, Site.PROGRAMME: _PROGRAMME, Site.CLASSROOM: _CLASSROOM}
_PAGES: dict[str, Any] = {
    "FILE_UPLOAD_HANDLERS": [
        "django.core.files.uploadhandler.MemoryFileUploadHandler",
        "kancil.web.receiving.InWorkspace",
    ],
    "WHITENOISE_USE_FINDERS": True,
    "WHITENOISE_AUTOREFRESH": False,
    "WHITENOISE_IMMUTABLE_FILE_TEST": _never_changes,
    "WHITENOISE_ALLOW_ALL_ORIGINS": False,
    "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
    # Tries are counted here, in the one process that serves: nobody may push a count out.
    "CACHES": {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    },
    "SESSION_ENGINE": "kancil.desk.people.sessions",
    "SESSION_COOKIE_AGE": 8 * 3600,
    "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SECURE_REFERRER_POLICY": "same-origin",
    "X_FRAME_OPTIONS": "DENY",
    "MESSAGE_STORAGE": "django.contrib.messages.storage.session.SessionStorage",
    "CSRF_FAILURE_VIEW": "kancil.web.guard.form_too_old",
    "DATA_UPLOAD_MAX_MEMORY_SIZE": 2_500_000,
    "LOGGING": {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "loggers": {
            "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
            # What is no request of ours is answered with 400 or 413; whoever tries fills no log.
            "django.security": {"level": "CRITICAL", "propagate": False},
            "axes": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "kancil.access": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        },
    },
}
_FORMS = "kancil.web.people.sign_in_forms"
_PASSWORDS = "kancil.web.people.passwords"
_SIGN_IN: dict[str, Any] = {
    "AUTHENTICATION_BACKENDS": [
        "axes.backends.AxesStandaloneBackend",
        "allauth.account.auth_backends.AuthenticationBackend",
    ],
    "LOGIN_URL": "account_login",
    "LOGIN_REDIRECT_URL": "/",
    "ACCOUNT_ADAPTER": "kancil.web.people.adapters.ClosedAccounts",
    "ACCOUNT_LOGIN_METHODS": {"username"},
    "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
    "ACCOUNT_USER_MODEL_EMAIL_FIELD": None,
    "ACCOUNT_EMAIL_VERIFICATION": "none",
    "ACCOUNT_EMAIL_NOTIFICATIONS": False,
    "ACCOUNT_REAUTHENTICATION_TIMEOUT": 300,
    # Wrong second factors of one person, whichever session they come from; axes counts passwords.
    "ACCOUNT_RATE_LIMITS": {
        "login_failed": "5/15m/key",
        # Wrong join codes of a classroom, and accounts that one address makes with right ones.
        "join_wrong": "10/15m/ip",
        "join_made": "40/15m/ip",
    },
    "ACCOUNT_SESSION_REMEMBER": False,
    "ACCOUNT_FORMS": {
        "login": f"{_FORMS}.SignIn",
        "change_password": f"{_FORMS}.NewPassword",
        "reauthenticate": f"{_FORMS}.ConfirmByPassword",
    },
    "MFA_FORMS": {
        "authenticate": f"{_FORMS}.Code",
        "authenticate_webauthn": f"{_FORMS}.Passkey",
        "login_webauthn": f"{_FORMS}.SignInByPasskey",
        "reauthenticate": f"{_FORMS}.ConfirmByCode",
        "reauthenticate_webauthn": f"{_FORMS}.ConfirmByPasskey",
        "activate_totp": f"{_FORMS}.CodesOn",
        "add_webauthn": f"{_FORMS}.AddPasskey",
        "edit_webauthn": f"{_FORMS}.RenamePasskey",
    },
    "MFA_ADAPTER": "kancil.web.people.adapters.SecondFactors",
    "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
    "MFA_PASSKEY_LOGIN_ENABLED": True,
    "MFA_TOTP_ISSUER": "Kancil",
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": True,  # browsers allow it for localhost alone
    "AXES_FAILURE_LIMIT": 5,
    "AXES_COOLOFF_TIME": 0.25,
    "AXES_HANDLER": "kancil.web.people.lockout.NameAndAddress",
    "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"], "username"],
    "AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT": False,
    "AXES_USERNAME_FORM_FIELD": "username",
    "AXES_RESET_ON_SUCCESS": True,
    "AXES_LOCKOUT_TEMPLATE": "kancil/locked.html",
    "AXES_ENABLE_ACCESS_FAILURE_LOG": True,
    "AXES_IPWARE_PROXY_COUNT": 0,
    "AXES_VERBOSE": False,
    "AUTH_PASSWORD_VALIDATORS": [
        {"NAME": f"{_PASSWORDS}.LongEnough", "OPTIONS": {"min_length": 12}},
        {"NAME": f"{_PASSWORDS}.NotCommon"},
        {"NAME": f"{_PASSWORDS}.NotDecorated"},
        {"NAME": f"{_PASSWORDS}.Varied"},
        {"NAME": f"{_PASSWORDS}.NotOneself", "OPTIONS": {"user_attributes": ("username", "name")}},
        {"NAME": f"{_PASSWORDS}.NotTheSame"},
    ],
}
