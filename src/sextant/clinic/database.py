"""The database that the clinic runs on: SQLite in the data folder, or PostgreSQL by its address."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# FULL: an acknowledged reading survives a power cut. recursive_triggers: without it INSERT OR REPLACE would remove a
# row without asking the trigger that guards it.
_ON_CONNECTING = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA recursive_triggers = ON;
"""
_BUSY_SECONDS = 20


def database_settings(data_dir: Path, url: str) -> dict[str, Any]:
    """Django's settings of the database, from the address in SEXTANT_DATABASE_URL or, without one, SQLite."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data_dir / "sextant.sqlite3",
            "OPTIONS": {"timeout": _BUSY_SECONDS, "transaction_mode": "IMMEDIATE", "init_command": _ON_CONNECTING},
        }
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(
            "SEXTANT_DATABASE_URL is not the address of a PostgreSQL database. "
            "Write postgres://user:password@host:5432/name, or leave it out to use SQLite in the data folder."
        )
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        raise ImproperlyConfigured(
            "SEXTANT_DATABASE_URL asks for PostgreSQL, and its driver is not installed. "
            "Install sextant[clinic,postgres]."
        ) from None
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError:
        raise ImproperlyConfigured(
            "SEXTANT_DATABASE_URL cannot be read. Write postgres://user:password@host:5432/name, "
            "with special characters of the password percent-encoded."
        ) from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": parts,
    }
