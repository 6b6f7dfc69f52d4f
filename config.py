"""Settings by environment: what the process is told from outside, read once and checked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from epa.keys import read_or_make_key

ROOT: Final = Path(__file__).resolve().parent
_MOST_PROXIES: Final = 9

# The interface's words, singular, plural and short, in one place: the field is renaming its terms
# (end-point assessment becomes apprenticeship assessment), identifiers in the code stay.
LABELS: Final[dict[str, str]] = {
    "epa": "end-point assessment",
    "epa_short": "EPA",
    "epao": "end-point assessment organisation",
    "epao_short": "EPAO",
    "gateway": "gateway",
    "apprentice": "apprentice",
    "apprentices": "apprentices",
    "assessor": "assessor",
    "assessors": "assessors",
    "independent_assessor": "independent assessor",
    "employer": "employer",
    "provider": "training provider",
    "ksb": "KSB",
    "ksbs": "KSBs",
    "ksb_long": "knowledge, skill or behaviour",
    "service_user": "service user",
    "service_users": "service users",
}


class SettingsFault(Exception):
    """A setting that cannot be used; the text names it and says what is expected."""


class Config:
    """Development and demonstration settings; the other environments differ below.

    Args:
        environ: the process environment, or what a test puts in its place.
        **overrides: Flask configuration keys that win over everything else.

    Raises:
        SettingsFault: a value cannot be read, or production lacks a key.
    """

    ENVIRONMENT = "development"
    PRODUCT = "Plumbline"
    LABELS = LABELS
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    PERMANENT_SESSION_LIFETIME = timedelta(hours=12)
    MAX_CONTENT_LENGTH = 110 * 1024 * 1024
    MAX_FORM_MEMORY_SIZE = 2 * 1024 * 1024
    MAX_FORM_PARTS = 2000
    MAX_UPLOAD_BYTES = 100 * 1024 * 1024
    # Larger files are sent in parts and taken up where they broke off, where scripts run.
    UPLOAD_IN_PARTS_ABOVE = 20 * 1024 * 1024
    UPLOAD_PART_BYTES = 4 * 1024 * 1024
    WTF_CSRF_TIME_LIMIT = None
    # A statement in a log must not carry the personal data it was run with.
    # The application has over a thousand statements; 500, the default, forgets what it needs next.
    SQLALCHEMY_ENGINE_OPTIONS: dict[str, Any] = {"hide_parameters": True, "query_cache_size": 4000}
    REQUIRE_TOTP_DEFAULT = False
    MAKES_KEYS = True
    LOCAL_HOSTS: tuple[str, ...] = ("127.0.0.1", "localhost")
    CLOCK_SHIFT_FILE: Path | None = None
    QUEUE_IMMEDIATE = False

    def __init__(self, environ: Mapping[str, str] | None = None, **overrides: Any) -> None:
        env = os.environ if environ is None else environ
        self.DATA_FOLDER = Path(env.get("PLUMBLINE_DATA") or ROOT / "var").resolve()
        self.PORT = _port(env.get("PORT", "5000"))
        self.PUBLIC_URL = (env.get("PUBLIC_URL") or f"http://127.0.0.1:{self.PORT}").rstrip("/")
        self.SECRET_KEY = self._key(env, "SECRET_KEY")
        self.AUDIT_KEY = self._key(env, "AUDIT_KEY")
        self.SQLALCHEMY_DATABASE_URI = _database_url(env.get("DATABASE_URL"), self.DATA_FOLDER)
        own_files = (self.DATA_FOLDER / "files").as_uri()
        self.STORAGE_URL = _address(env, "STORAGE_URL", "file s3 gs az memory") or own_files
        self.SCANNER_URL = _address(env, "SCANNER_URL", "clamd")
        own_queue = f"sqlite:///{self.DATA_FOLDER / 'queue.sqlite3'}"
        self.QUEUE_URL = _queue_url(env) or own_queue
        self.SMTP_URL = _address(env, "SMTP_URL", "smtp smtps")
        self.MAIL_FROM = env.get("MAIL_FROM") or f"plumbline@{urlsplit(self.PUBLIC_URL).hostname}"
        self.PDF_ENGINE = _pdf_engine(env.get("PDF_ENGINE") or None)
        self.PG_DUMP = env.get("PG_DUMP") or "pg_dump"
        self.REQUIRE_TOTP = _switch(env, "REQUIRE_TOTP", default=self.REQUIRE_TOTP_DEFAULT)
        self.PROXY_COUNT = _proxy_count(env.get("PROXY_COUNT") or "0")
        self._public_face()
        for name, value in overrides.items():
            setattr(self, name, value)

    def _key(self, env: Mapping[str, str], name: str) -> str:
        if value := env.get(name):
            return value
        if not self.MAKES_KEYS:
            raise SettingsFault(f"{name} is not set. Production does not start without it.")
        return read_or_make_key(self.DATA_FOLDER / "keys", name.lower())

    def _public_face(self) -> None:
        address = urlsplit(self.PUBLIC_URL)
        rest = address.path or address.query or address.fragment or address.username
        if address.scheme not in {"http", "https"} or not address.hostname or rest:
            raise SettingsFault(
                f"PUBLIC_URL must be like https://epa.example.org, not {self.PUBLIC_URL!r}."
            )
        secure = address.scheme == "https"
        self.SESSION_COOKIE_SECURE = secure
        self.SESSION_COOKIE_NAME = "__Host-plumbline" if secure else "plumbline"
        self.TRUSTED_HOSTS = [address.hostname, *self.LOCAL_HOSTS]


class DevelopmentConfig(Config):
    """On one's own machine: keys are made on first start, the demonstration may be loaded."""


class TestConfig(Config):
    """Under the tests: a clock that a file can shift, and tasks done at once."""

    __test__ = False
    ENVIRONMENT = "test"
    TESTING = True
    QUEUE_IMMEDIATE = True

    def __init__(self, environ: Mapping[str, str] | None = None, **overrides: Any) -> None:
        super().__init__(environ, **overrides)
        self.CLOCK_SHIFT_FILE = self.DATA_FOLDER / "clock-shift"


class ProductionConfig(Config):
    """For real people: keys from the environment, a second factor for staff, one public host."""

    ENVIRONMENT = "production"
    REQUIRE_TOTP_DEFAULT = True
    MAKES_KEYS = False
    LOCAL_HOSTS = ()


ENVIRONMENTS: Final[dict[str, type[Config]]] = {
    "development": DevelopmentConfig,
    "test": TestConfig,
    "production": ProductionConfig,
}


def from_environment(environ: Mapping[str, str] | None = None) -> Config:
    """The settings for the environment that PLUMBLINE_ENV names, development by default.

    Raises:
        SettingsFault: the name is unknown, or a setting cannot be used.
    """
    env = os.environ if environ is None else environ
    name = env.get("PLUMBLINE_ENV", "development")
    if name not in ENVIRONMENTS:
        raise SettingsFault(
            f"PLUMBLINE_ENV must be one of {', '.join(ENVIRONMENTS)}, not {name!r}."
        )
    return ENVIRONMENTS[name](env)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        raise SettingsFault(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _switch(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    words = {"1": True, "on": True, "true": True, "yes": True}
    words |= {"0": False, "off": False, "false": False, "no": False, "": default}
    text = env.get(name, "").strip().lower()
    if text not in words:
        raise SettingsFault(f"{name} must be on or off, not {text!r}.")
    return words[text]


def _proxy_count(text: str) -> int:
    if not text.isdecimal() or int(text) > _MOST_PROXIES:
        raise SettingsFault(
            f"PROXY_COUNT must be how many reverse proxies stand before us, from 0 to "
            f"{_MOST_PROXIES}, not {text!r}."
        )
    return int(text)


def _pdf_engine(name: str | None) -> str | None:
    if name not in {None, "wkhtmltopdf", "weasyprint"}:
        raise SettingsFault(f"PDF_ENGINE must be wkhtmltopdf or weasyprint, not {name!r}.")
    return name


def _address(env: Mapping[str, str], name: str, schemes: str) -> str | None:
    """An address that may carry a password: a fault names the setting and never the value."""
    text = env.get(name) or None
    if text and text.partition("://")[0] not in schemes.split():
        starts = ", ".join(f"{scheme}://" for scheme in schemes.split())
        raise SettingsFault(f"{name} must be an address that begins with one of {starts}.")
    return text


def _queue_url(env: Mapping[str, str]) -> str | None:
    url = _address(env, "QUEUE_URL", "sqlite postgresql redis rediss")
    if url and url.startswith("redis") and find_spec("redis") is None:
        raise SettingsFault(
            "QUEUE_URL names a Redis server; that needs the Python package redis, which does not"
            " come with Plumbline. Install it beside it, or take PostgreSQL or the default."
        )
    return url


def _database_url(text: str | None, data_folder: Path) -> str:
    if not text:
        return f"sqlite:///{data_folder / 'plumbline.sqlite3'}"
    for short in ("postgres://", "postgresql://"):
        if text.startswith(short):
            text = "postgresql+psycopg://" + text.removeprefix(short)
    if not text.startswith(("postgresql+psycopg://", "sqlite:///")):
        raise SettingsFault(
            "DATABASE_URL must begin with postgresql:// (or sqlite:/// and the path of a file)."
        )
    try:
        make_url(text)
    except (ArgumentError, ValueError):
        raise SettingsFault("DATABASE_URL cannot be read as an address.") from None
    return text
