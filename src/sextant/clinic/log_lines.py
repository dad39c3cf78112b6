"""Log lines that hold no clinical content."""

import logging
import traceback
from types import TracebackType

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutContent(logging.Formatter):
    """Tells where a fault happened and of what kind it is, and leaves its message out.

    A database puts the whole row that it refused into the message of its error.
    """

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the name that logging calls
        kind, _, trace = ei
        return f"{''.join(traceback.format_tb(trace))}{kind.__name__ if kind else ''} (message left out)"
