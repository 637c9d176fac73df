"""
What a file of patients is made of, seen from its first bytes: JSON, CSV, Parquet, or something that is no such file.

Knows: bytes. Must not know: findings.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import BinaryIO, Final, Literal, TextIO

from model.errors import CaseFileError, plain, shown

Kind = Literal["json", "csv", "parquet"]

MAX_BYTES: Final = 50_000_000
"""A file that is held in memory is refused above this size: about 50,000 patients with 50 findings each need 50 MB."""

HEAD: Final = 4096
"""So many bytes are looked at to tell what a file is."""

TABLE: Final = "save the table as CSV (UTF-8) or Parquet and give that file"
TEXT: Final = "save its text as UTF-8 (.txt) and give that file"
UNPACK: Final = "unpack it and give what is inside"

SIGNATURES: Final = (
    (b"\xd0\xcf\x11\xe0", "an Excel workbook of the old kind (xls)", TABLE),
    (b"\x1f\x8b", "packed with gzip", UNPACK),
    (b"BZh", "packed with bzip2", UNPACK),
    (b"\xfd7zXZ\0", "packed with xz", UNPACK),
    (b"7z\xbc\xaf", "a 7z archive", UNPACK),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", UNPACK),
    (b"%PDF", "a PDF", TABLE),
    (b"{\\rtf", "a text document (RTF)", TABLE),
    (b"ARROW1", "an Arrow (Feather) file", TABLE),
    (b"FEA1", "a Feather file", TABLE),
    (b"SQLite format 3", "an SQLite database", TABLE),
    (b"$FL2", "an SPSS file", TABLE),
    (b"<stata_dta>", "a Stata file", TABLE),
)
"""First bytes, what such a file is, and what to do with it."""

ZIPPED: Final = (
    (b"opendocument.spreadsheet", "an OpenDocument spreadsheet", TABLE),
    (b"opendocument", "an OpenDocument text or drawing", TABLE),
    (b"word/", "a Word document", TABLE),
    (b"ppt/", "a PowerPoint file", TABLE),
    (b"[Content_Types].xml", "an Excel workbook", TABLE),
    (b"xl/", "an Excel workbook", TABLE),
)
"""What stands in the first bytes of a zip archive that is a document, what it is, and what to do with it."""

NO_TEXT: Final = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
"""What no text holds; 0x1a ended texts under DOS."""

MARKS: Final = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
"""Byte-order marks of other encodings than UTF-8; they say how a text is read."""


@dataclass(frozen=True, slots=True)
class Source:
    """
    A file of patients.

    Parameters
    ----------
    name
        What messages call it.
    path
        Where it lies; None if `content` holds it.
    content
        All of it, unless it lies in a file.
    """

    name: str
    path: Path | None
    content: bytes = b""

    def open(self) -> BinaryIO:
        """
        A stream of its bytes, from the beginning.

        Raises
        ------
        CaseFileError
            If it cannot be opened.
        """
        if self.path is None:
            return BytesIO(self.content)
        try:
            return self.path.open("rb")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise CaseFileError(f"{plain(self.name)}: cannot be read ({reason}); check the path") from None

    def size(self) -> int:
        """Number of its bytes."""
        return len(self.content) if self.path is None else self.path.stat().st_size

    def text(self) -> TextIOWrapper:
        """A stream of its text; line ends stay as they are."""
        with self.open() as file:
            head = file.read(4)
        encoding = next((name for mark, name in MARKS if head.startswith(mark)), "utf-8-sig")
        return TextIOWrapper(self.open(), encoding=encoding, newline="")

    def whole_text(self) -> str:
        """
        All of its text.

        Raises
        ------
        CaseFileError
            If it is too large, or no text.
        """
        try:
            with self.text() as file:
                text = file.read(MAX_BYTES + 1)
        except UnicodeError:
            raise not_text(self) from None
        if len(text) > MAX_BYTES:
            raise too_large(self.name)
        return text


Given = str | Path | bytes | TextIO | Source
"""Whatever can be read as a file of patients."""


def source_of(given: Given, name: str = "file") -> Source:
    """
    The file that is meant.

    Parameters
    ----------
    given
        A path; ``"-"`` for standard input; JSON text (a string that starts with ``{`` or ``[``); the bytes of a file; or
        an open file.
    name
        What messages call bytes.
    """
    if isinstance(given, Source):
        return given
    if isinstance(given, bytes):
        return Source(name, None, given)
    if isinstance(given, str) and given.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return Source("cases", None, given.encode("utf-8", "surrogatepass"))
    if isinstance(given, str) and given == "-":
        return Source("standard input", None, _drained("standard input", sys.stdin))
    if isinstance(given, (str, Path)):
        return _at(str(given))
    if hasattr(given, "read"):
        return Source("cases", None, _drained("cases", given))
    raise CaseFileError(
        f"cases: found {shown(given)}; give a path, JSON text, the bytes of a file, a mapping or a list of mappings"
    )


def _at(path: str) -> Source:
    """The file at a path; a stream (/dev/stdin, or what a shell makes of ``<(...)``) can be read only once: it is now."""
    source = Source(path, Path(path))
    try:
        is_stream = Path(path).is_fifo() or Path(path).is_char_device()
    except (OSError, ValueError):  # a name that no file can have; told when it is opened
        is_stream = False
    if not is_stream:
        return source
    with source.open() as stream:
        return Source(path, None, _drained(path, stream))


def _drained(name: str, stream: TextIO | BinaryIO | None) -> bytes:
    """Bytes of a stream; of standard input they are taken before anybody decodes them."""
    if stream is None:
        raise CaseFileError(f"{name}: closed; give a file, or send one through a pipe")
    content: bytes | str = getattr(stream, "buffer", stream).read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise too_large(name)
    return content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")


def too_large(name: str) -> CaseFileError:
    """The error for a file that is held in memory and should not be."""
    return CaseFileError(
        f"{plain(name)}: larger than {MAX_BYTES // 10**6} MB; split it, or give a table to millet batch"
    )


def kind_of(source: Source) -> Kind:
    r"""
    What a file is: by its content, and a text called ``.json`` is JSON.

    Raises
    ------
    CaseFileError
        If it is something else; the message says what.

    Examples
    --------
    >>> kind_of(Source("a.txt", None, b"id;sex")), kind_of(Source("a", None, b" [1]"))
    ('csv', 'json')
    >>> kind_of(Source("a.csv", None, b"PK\x03\x04....[Content_Types].xml"))
    Traceback (most recent call last):
    model.errors.CaseFileError: a.csv: is an Excel workbook; save the table as CSV (UTF-8) or Parquet and give that file
    """
    try:
        with source.open() as file:
            head = file.read(HEAD)
    except OSError as error:
        raise CaseFileError(
            f"{plain(source.name)}: cannot be read ({error.strerror}); check the path"
        ) from None
    if head.startswith(b"PAR1"):
        return "parquet"
    if found := _other(head):
        raise CaseFileError(f"{plain(source.name)}: is {found[0]}; {found[1]}")
    start = head.decode(
        next((name for mark, name in MARKS if head.startswith(mark)), "utf-8-sig"), "ignore"
    ).lstrip()
    if start[:1] == "<":
        what = "a web page or XML (some programs write tables so, under the name of a spreadsheet)"
        raise CaseFileError(f"{plain(source.name)}: is {what}; {TABLE}")
    is_json = start[:1] in ("{", "[") or source.name.lower().endswith(".json")
    return "json" if is_json else "csv"


def report_text(source: Source) -> str:
    r"""
    The text of a report.

    Raises
    ------
    CaseFileError
        If the file holds none: it is empty, a document of another kind, or patients.

    Examples
    --------
    >>> report_text(Source("a.txt", None, b"{\\rtf1 Fever}"))
    Traceback (most recent call last):
    model.errors.CaseFileError: a.txt: is a text document (RTF); save its text as UTF-8 (.txt) and give that file
    """
    with source.open() as file:
        head = file.read(HEAD)
    found = ("a Parquet table", TABLE) if head.startswith(b"PAR1") else _other(head)
    if found:
        what, remedy = found
        raise CaseFileError(f"{plain(source.name)}: is {what}; {TEXT if remedy == TABLE else remedy}")
    text = source.whole_text()
    start = text.lstrip("\ufeff \t\r\n")
    if not start:
        raise CaseFileError(f"{plain(source.name)}: empty; give the text of one patient")
    if start[0] == "<":
        raise CaseFileError(f"{plain(source.name)}: is a web page or XML; {TEXT}")
    if start[0] in "{[" and is_json(start):
        raise CaseFileError(f"{plain(source.name)}: is JSON, no text; give patients to millet diagnose")
    return text


def is_json(text: str) -> bool:
    """Whether a text can be read as JSON."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _other(head: bytes) -> tuple[str, str] | None:
    """What a file is that holds no text or none in UTF-8, and what to do; None for text."""
    if head.startswith(b"PK\x03\x04"):
        return next(((what, do) for word, what, do in ZIPPED if word in head), ("a zip archive", UNPACK))
    for signature, what, remedy in SIGNATURES:
        if head.startswith(signature):
            return what, remedy
    if any(head.startswith(mark) for mark, _ in MARKS) or not NO_TEXT.search(head):
        return None
    if 0 in (head[::2].count(0), head[1::2].count(0)) and head.count(0) > len(head) // 4:
        return "UTF-16 text without a byte-order mark", "save it as UTF-8"
    return "no text", TABLE


def not_text(source: Source) -> CaseFileError:
    """The error for a text in another encoding, with the line."""
    with source.open() as file:
        for number, line in enumerate(file, start=1):
            if number == 1 and any(line.startswith(mark) for mark, _ in MARKS):
                break
            try:
                line.decode()
            except UnicodeDecodeError as error:
                found = f"byte 0x{line[error.start]:02x} is not UTF-8"
                return CaseFileError(
                    f"{plain(source.name)}, line {number}: {found}; save the file as UTF-8 "
                    "(spreadsheets call it CSV UTF-8)"
                )
    return CaseFileError(f"{plain(source.name)}: is damaged UTF-16 or UTF-32 text; save it as UTF-8")


__all__ = [
    "MAX_BYTES", "Given", "Kind", "Source", "is_json", "kind_of", "not_text", "report_text", "source_of", "too_large",
]  # fmt: skip
