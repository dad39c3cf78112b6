"""One writer at a time, and all of a write or nothing of it."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.conf import settings
from django.db import connection, transaction

# Any fixed number: it names Sextant's writers among the advisory locks of a PostgreSQL database.
_ADVISORY_LOCK = 5_390_871

_process_lock = threading.RLock()
_thread = threading.local()


@contextmanager
def write() -> Iterator[None]:
    """The only way to write: everything inside is one transaction, and no other write runs beside it.

    The audit chain needs a single order of writes. On SQLite a lock holds back this process's threads and a file lock
    other processes, since its own busy handler lets some writers starve; on PostgreSQL an advisory lock does, which
    ends with the transaction. A write inside a write joins the outer one; inside any other transaction it is an error,
    since two locks taken in two orders wait for each other.
    """
    if inside_write():
        with transaction.atomic():
            yield
        return
    with _one_writer(), transaction.atomic(durable=True):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
        _thread.writing = True
        try:
            yield
        finally:
            _thread.writing = False


def inside_write() -> bool:
    """Whether this thread is inside `write()`."""
    return getattr(_thread, "writing", False)


@contextmanager
def _one_writer() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    with _process_lock, _lock_file() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # released when the file is closed, also when the process dies
        yield


def _lock_file() -> IO[bytes]:
    return (settings.DATA_DIR / "write.lock").open("ab")
