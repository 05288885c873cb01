"""
Django's settings, all from the environment: LUODI_HOME, LUODI_DATABASE_URL, LUODI_PROFILE, LUODI_SECRET_KEY ...

Not configuration of the city: that is the profile.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

HOME = Path(os.environ.get("LUODI_HOME", "var")).absolute()
PACKAGE = Path(__file__).resolve().parent.parent
PROFILE = Path(os.environ.get("LUODI_PROFILE", PACKAGE / "codebook" / "profiles" / "yunling"))


def _secret_key() -> str:
    """Take the key from the environment, else from the store's folder: made on first use, for its owner's eyes only."""
    given = os.environ.get("LUODI_SECRET_KEY")
    if given:
        return given
    kept = HOME / "secret.key"
    try:
        return kept.read_text("ascii")
    except FileNotFoundError:
        key = secrets.token_urlsafe(48)
        try:
            HOME.mkdir(parents=True, exist_ok=True)
            kept.touch(mode=0o600)
            kept.write_text(key, "ascii")
        except OSError:
            pass  # a read-only folder: this process alone uses the key
        return key


def _database(url: str | None) -> dict[str, object]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "luodi.sqlite3",
            # IMMEDIATE: a writer waits at the door instead of failing half way.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;",
            },
        }
    parts = urlsplit(url)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "OPTIONS": query,
    }


SECRET_KEY = _secret_key()
DEBUG = os.environ.get("LUODI_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("LUODI_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
DATABASES = {"default": _database(os.environ.get("LUODI_DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "luodi.ledger",
    "luodi.identity",
    "luodi.directory",
    "luodi.projects",
    "luodi.statistics",
]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOGGING = {"version": 1, "disable_existing_loggers": False}
