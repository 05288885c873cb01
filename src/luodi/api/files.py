"""Uploaded files laid out in a folder of their own for the functions that read files; refusals name them as they were sent."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from django.http import HttpResponse
from ninja.files import UploadedFile

from luodi.kernel.problem import Problem, Refused


class UnreadableFile(Refused):
    """An uploaded file can't be read as what it is sent for. Parameters: `name`, `found`."""

    code = "api.unreadable_file"


class Folder:
    """A folder for one call; it goes when the answer is given."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def put(self, file: UploadedFile, name: str) -> Path:
        """Write a file under a name of ours, with its own ending where it has a plain one."""
        suffix = Path(file.name or "").suffix.lower()
        path = self.place / f"{name}{suffix if suffix[1:].isalnum() and suffix.isascii() else ''}"
        path.write_bytes(file.read())
        return path

    def may_put(self, file: UploadedFile | None, name: str) -> Path | None:
        """Write a file that need not be sent."""
        return None if file is None else self.put(file, name)

    def put_rows(self, files: Iterable[UploadedFile]) -> dict[str, str]:
        """Write files that are known by their own names: NAME.csv is NAME."""
        found: dict[str, str] = {}
        for number, file in enumerate(files):
            found[Path(file.name or f"rows{number}").stem] = str(self.put(file, f"rows{number}"))
        return found


@contextmanager
def laid_out() -> Iterator[Folder]:
    """Give a folder for uploaded files; what is refused about them is said without the folder's place."""
    with tempfile.TemporaryDirectory() as place:
        try:
            yield Folder(Path(place))
        except Refused as refusal:
            raise Refused(*(_plain(problem, place) for problem in refusal.problems)) from None
        except (OSError, UnicodeError) as error:
            found = error.strerror if isinstance(error, OSError) else str(error)
            raise UnreadableFile(name="", found=found) from None


def _plain(problem: Problem, place: str) -> Problem:
    """Leave the folder out of a problem."""
    params = {key: _short(value, place) for key, value in problem.params.items()}
    where = problem.where.replace(f"{place}/", "")
    return replace(problem, file=_short(problem.file, place), where=where, params=params)  # type: ignore[arg-type]


def _short(value: object, place: str) -> object:
    return value.replace(f"{place}/", "") if isinstance(value, str) else value


def attached(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Answer with a file of that name."""
    from urllib.parse import quote

    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
