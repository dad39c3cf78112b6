"""Reading what a command names, with a sentence when it cannot be read."""

import gzip
import sys
import zlib
from io import BytesIO
from pathlib import Path

from sextant.cli.refused import Refused


def read_bytes(name: str, most: int) -> bytes:
    """The bytes of a file, or of standard input for '-'; more than `most` bytes are refused."""
    try:
        if name == "-" and sys.stdin is None:
            raise Refused("Standard input is closed. Name a file.")
        if name == "-":
            data = sys.stdin.buffer.read(most + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(most + 1)
    except IsADirectoryError:
        raise Refused(f"{name} is a folder; name one file.") from None
    except FileNotFoundError:
        raise Refused(f"There is no file {name}. Check the name and the folder.") from None
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror}.") from None
    if len(data) > most:
        raise Refused(f"{name} is larger than {most // 1_000_000} MB. Send one patient at a time.")
    return data


def read_text(name: str, most: int = 50_000_000) -> str:
    """The text of a file (UTF-8, also .gz)."""
    data = read_bytes(name, most)
    if data[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=BytesIO(data)) as file:
                data = file.read(most + 1)
        except (EOFError, OSError, zlib.error):
            raise Refused(f"{name} is cut off or not gzip. Compress it again and send the whole file.") from None
        if len(data) > most:
            raise Refused(f"{name} unpacks to more than {most // 1_000_000} MB. Send fewer rows at a time.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"{name} is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from None
