"""How far a long command has come, on standard error."""

import sys
from types import TracebackType


class Progress:
    """Short lines on standard error; on a terminal one line that is written over, and gone at the end."""

    def __init__(self) -> None:
        self._terminal = sys.stderr is not None and sys.stderr.isatty()
        self._shown = 0

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._shown:
            self._write("\r" + " " * self._shown + "\r")

    def say(self, text: str) -> None:
        """What is being done now."""
        if self._terminal:
            self._write("\r" + text.ljust(self._shown))
            self._shown = len(text)
        else:
            self._write(f"sextant: {text}\n")

    @staticmethod
    def _write(text: str) -> None:
        if sys.stderr is not None:
            sys.stderr.write(text)
            sys.stderr.flush()
