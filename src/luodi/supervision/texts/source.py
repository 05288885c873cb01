"""
Read a speech or minutes: .txt in UTF-8 (with or without mark), UTF-16 with a mark or GB18030, or .docx.

The text is given exactly as it stands, line ends and a byte order mark included, for offsets count its code points.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from luodi.kernel.problem import Problem, Refused

MAX_BYTES = 64 * 1024 * 1024  # of a text, or of a .docx unpacked; a year of minutes is 1 MB
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Text that was struck out under tracked changes, and the second copy of a text box.
_LEFT_OUT = {_WORD + "del", _WORD + "moveFrom", _COMPATIBLE + "Fallback"}
_CONTROL = {*range(0x20)} - {0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A, 0x1B}


class BadText(Refused):
    """A file that is no text to break down."""

    code = "decompose.not_text"


@dataclass(frozen=True)
class Source:
    """A text and the encoding it was read in (`docx` for a Word document)."""

    text: str
    encoding: str


def read(file: Path) -> Source:
    """Read a file. Raises BadText when it is absent, empty, too big, binary, a damaged .docx or an old .doc."""
    try:
        size = file.stat().st_size
        raw = file.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise _bad("decompose.not_read", file, found=error.strerror or str(error)) from None
    if size > MAX_BYTES:
        raise _bad("decompose.too_big", file, found=size, limit=MAX_BYTES)
    if raw.startswith(b"PK\x03\x04"):
        source = Source(_docx(file), "docx")
    elif raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise _bad("decompose.old_word", file)
    else:
        source = decode(raw, file)
    if not source.text.strip("\ufeff \t\r\n\u3000"):
        raise _bad("decompose.empty", file)
    return source


def decode(raw: bytes, file: Path) -> Source:
    """Decode bytes: a mark decides, then UTF-8, then GB18030. Raises BadText for what is none of them, or binary."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(ord(character) in _CONTROL for character in set(text)):
            marked = encoding == "utf-8" and text.startswith("\ufeff")
            return Source(text, "utf-8 with mark" if marked else encoding)
    raise _bad("decompose.not_text", file)


def _docx(file: Path) -> str:
    """Give paragraphs and table cells in order, joined by line breaks."""
    try:
        with zipfile.ZipFile(file) as archive:
            part = archive.getinfo("word/document.xml")
            if part.file_size > MAX_BYTES:
                raise _bad("decompose.too_big", file, found=part.file_size, limit=MAX_BYTES)
            xml = archive.read(part)
        if b"<!DOCTYPE" in xml[:1000]:
            raise _bad("decompose.bad_docx", file, found="DOCTYPE")
        root = ElementTree.fromstring(xml)  # noqa: S314  no entities without a DOCTYPE
    except (KeyError, zipfile.BadZipFile, ElementTree.ParseError, RuntimeError, OSError) as error:
        raise _bad("decompose.bad_docx", file, found=str(error).strip("'\"")) from None
    return "\n".join(_paragraphs(root))


def _paragraphs(element: ElementTree.Element) -> Iterator[str]:
    """Yield the text of each paragraph; one inside another (a text box) follows it."""
    waiting = [element]
    while waiting:
        one = waiting.pop()
        inner: list[ElementTree.Element] = []
        if one.tag == _WORD + "p":
            yield "".join(_runs(one, inner))
        else:
            inner = list(one)
        waiting += [child for child in reversed(inner) if child.tag not in _LEFT_OUT]


def _runs(paragraph: ElementTree.Element, boxes: list[ElementTree.Element]) -> Iterator[str]:
    """Yield the pieces of a paragraph's text; paragraphs that stand inside it are put aside into `boxes`."""
    waiting = list(reversed(paragraph))
    while waiting:
        one = waiting.pop()
        if one.tag == _WORD + "p":
            boxes.append(one)
        elif one.tag == _WORD + "t":
            yield one.text or ""
        elif one.tag == _WORD + "tab":
            yield "\t"
        elif one.tag in (_WORD + "br", _WORD + "cr"):
            yield "\n"
        elif one.tag not in _LEFT_OUT and one.tag != _WORD + "tabs":
            waiting += reversed(one)


def _bad(code: str, file: Path, **params: object) -> BadText:
    return BadText(Problem(code, file=str(file), params=params))
