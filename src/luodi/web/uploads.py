"""What people upload, checked by content and never by its name."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile

from luodi.kernel.problem import Problem, Refused

LARGEST = 15 * 1024 * 1024

# The first bytes of what is taken, and what it then is. Pictures and PDF prove; workbooks go to the importer.
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"%PDF-", "application/pdf"),
)


class BadUpload(Refused):
    """The file can't be taken. Parameters: `name`, and what was found."""

    code = "upload.refused"


def read_upload(file: UploadedFile[Any], *, images_only: bool = True) -> tuple[bytes, str]:
    """
    Read an uploaded file and tell what it is by its first bytes.

    :raises BadUpload: if it is empty, too large, or not a picture or PDF
    """
    name = str(file.name or "")
    if file.size is None or file.size == 0:
        raise BadUpload(Problem("upload.empty", where=name, params={"name": name}))
    if file.size > LARGEST:
        raise BadUpload(Problem("upload.too_large", where=name, params={"name": name, "most": LARGEST // 1024 // 1024}))
    content = file.read()
    found = next((kind for start, kind in SIGNATURES if content.startswith(start)), None)
    if found is None and images_only:
        raise BadUpload(Problem("upload.not_a_picture", where=name, params={"name": name}))
    return content, found or "application/octet-stream"
