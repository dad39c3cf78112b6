"""Reading and writing what a command names, with a sentence when it cannot be done."""

import gzip
import os
import sys
import tempfile
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from sextant.cli.refused import Refused

_FEWER_ROWS = "Send fewer rows at a time."


def read_bytes(name: str, most: int, instead: str = "Send one patient at a time.") -> bytes:
    """The bytes of a file, or of standard input for '-'; more than `most` are refused, with what to do instead."""
    try:
        if name == "-" and sys.stdin is None:
            raise Refused("Standard input is closed. Name a file.")
        if name == "-":
            data = sys.stdin.buffer.read(most + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(most + 1)
    except IsADirectoryError:
        raise Refused(f"{name or 'An empty name'} is a folder; name one file.") from None
    except FileNotFoundError:
        raise Refused(f"There is no file {name}. Check the name and the folder.") from None
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror}.") from None
    if len(data) > most:
        raise Refused(f"{name} is larger than {most // 1_000_000} MB. {instead}")
    return data


def read_text(name: str, most: int = 50_000_000) -> str:
    """The text of a file (UTF-8, also .gz)."""
    data = read_bytes(name, most, _FEWER_ROWS)
    if data[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=BytesIO(data)) as file:
                data = file.read(most + 1)
        except (EOFError, OSError, zlib.error):
            raise Refused(f"{name} is cut off or not gzip. Compress it again and send the whole file.") from None
        if len(data) > most:
            raise Refused(f"{name} unpacks to more than {most // 1_000_000} MB. {_FEWER_ROWS}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"{name} is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from None


def check_can_write(name: str) -> None:
    """Refuse a file that could not be written, before the work for it is done."""
    path = Path(name)
    if not name.strip() or name.endswith(("/", os.sep)) or path.is_dir():
        raise Refused(f"{name or 'An empty name'} names no file. Name one to write, such as result.json.")
    if path.exists() and not path.is_file():
        raise Refused(f"{name} is a device or a pipe, which a file would replace. Name a file to write.")
    if not path.absolute().parent.is_dir():
        raise Refused(f"{name} cannot be written: there is no folder {path.parent}. Make it first.")
    if not os.access(path.absolute().parent, os.W_OK):
        raise Refused(f"{name} cannot be written: the folder {path.parent} takes no new files.")


def check_not_read(name: str, read: Sequence[str]) -> None:
    """Refuse to write over a file that the command reads, by whatever name."""
    path = Path(name)
    if path.exists() and any(one != "-" and Path(one).exists() and path.samefile(one) for one in read):
        raise Refused(f"{name} is read by this command too and would be written over. Name another file with --out.")


def write_text(name: str, text: str) -> None:
    """Write a file whole or not at all: whatever stood there stands until the new one is complete."""
    path = Path(name).absolute()
    try:
        number, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Refused(f"{name} cannot be written: {error.strerror}.") from None
