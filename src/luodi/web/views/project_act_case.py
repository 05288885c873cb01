"""One act on one project as a page sees it: who, which project, which row, what was typed, which files came along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest

from luodi.codebook.values import Permission
from luodi.identity import queries as identity
from luodi.identity.values import PersonAt
from luodi.kernel.period import Period
from luodi.kernel.problem import Problem, Refused
from luodi.ledger import evidence
from luodi.projects.queries import lists, page
from luodi.projects.values.rows import Event, NodeState, ProblemState
from luodi.projects.values.views import Card, Page
from luodi.web.periods import current_month
from luodi.web.uploads import BadUpload, read_upload

Row = TypeVar("Row")
SALT = "luodi.evidence.kept"  # what was uploaded before a refusal comes back signed for this person


class NotReadable(Refused):
    """What was typed can't be read."""

    code = "project.act_unreadable"


@dataclass(frozen=True)
class Field:
    """One question of a form. `kind`: text, area, day, choice, people (who), pick (one of many, by typing), files."""

    name: str
    kind: str
    label: str
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""
    required: bool = False
    narrow: bool = False  # several stand beside each other


@dataclass
class Case:
    """An act being prepared. `kept` gathers the files stored so far, so that a refusal loses none."""

    request: HttpRequest
    code: str
    story: Page
    card: Card
    looking: lists.Viewer
    kept: list[tuple[str, str]] = field(default_factory=list)  # (kind, digest)

    @property
    def viewer(self) -> Any:
        """Who acts."""
        return self.request.viewer  # type: ignore[attr-defined]

    @cached_property
    def month(self) -> Period:
        """The month being reported."""
        return current_month(self.viewer.today, self.viewer.profile)

    @cached_property
    def people(self) -> Mapping[str, PersonAt]:
        """Everybody known."""
        return identity.people()

    def typed(self, name: str) -> str:
        """Give what was typed, or ""."""
        return str(self.request.POST.get(name, "")).strip()

    def asked(self, name: str) -> str:
        """Give what the address or the form says."""
        return self.typed(name) or str(self.request.GET.get(name, ""))

    @property
    def row(self) -> int:
        """The row the act is about, 0 for none."""
        given = self.asked("row")
        return int(given) if given.isdigit() and len(given) < 19 else 0

    @property
    def expected(self) -> int | None:
        """The last row the page saw."""
        given = self.typed("expected")
        return int(given) if given.isdigit() and len(given) < 19 else None

    def day(self, name: str) -> date:
        """Read a day. Raises NotReadable."""
        given = self.typed(name)
        try:
            return date.fromisoformat(given)
        except ValueError:
            raise NotReadable(Problem("project.act_day", where=name, params={"found": given})) from None

    def optional_day(self, name: str) -> date | None:
        """Read a day that may be left out."""
        return self.day(name) if self.typed(name) else None

    # What the act is about.

    def event(self) -> Event:
        """Give the stage event the address names; 404 for none of this project."""
        return found([one for one in self.card.dossier.events if one.row == self.row])

    def node(self) -> NodeState:
        """Give the node the address names."""
        return found([one for one in self.card.dossier.nodes if one.row == self.row])

    def problem(self) -> ProblemState:
        """Give the problem the address names."""
        return found([one for one in self.card.dossier.problems if one.row == self.row])

    # Who may.

    def may(self, *permissions: Permission) -> bool:
        """Tell whether the person has one of these permissions for this project."""
        own = self.viewer.person in self.card.holders
        return any(self.viewer.scope(one).covers(*self.card.units, answers_for=own) for one in permissions)

    def seat(self, *preferred: str) -> str:
        """Give the unit to act for: the first of these the person sits in, else one of the project's, else the first seat."""
        wanted = [*(self.viewer.who.tree.successor(unit) for unit in preferred if unit), *sorted(self.card.units)]
        return next((unit for unit in wanted if unit in self.viewer.seats), str(self.viewer.unit))

    def by(self, *preferred: str) -> dict[str, Any]:
        """Give who acts and on what day, as every act asks."""
        return {"actor": self.viewer.actor(self.seat(*preferred)), "today": self.viewer.today}

    def holder(self, text: str) -> str:
        """Read a person or unit given by id, code or a name that only one has; what can't be told stays as typed."""
        if text in self.people or text in self.viewer.who.tree.units:
            return text
        named = [one.person for one in self.people.values() if one.name == text and one.acts_on(self.viewer.today)]
        units = [unit.code for unit in self.viewer.who.tree.units.values() if unit.open and unit.name == text]
        return [*named, *units][0] if len(named) + len(units) == 1 else text

    # Files.

    def files(self, kinds: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """
        Store what was uploaded and give the digests by kind, with those kept from before a refusal.

        :raises BadUpload: naming each file that can't be taken; the others are kept
        """
        self.kept = [*unsealed(self.viewer.person, self.request.POST.getlist("kept"))]
        wrong: list[Problem] = []
        for kind in kinds:
            for file in self.request.FILES.getlist(f"file:{kind}"):
                if isinstance(file, UploadedFile):
                    try:
                        self.kept.append((kind, evidence.store(*read_upload(file))))
                    except BadUpload as refusal:
                        wrong += refusal.problems
        if wrong:
            raise BadUpload(*wrong)
        return {kind: tuple(dict.fromkeys(d for k, d in self.kept if k == kind)) for kind, _ in self.kept}

    def sealed(self) -> list[str]:
        """Give the stored files as the form carries them on."""
        return [signing.dumps([self.viewer.person, kind, digest], salt=SALT) for kind, digest in self.kept]


def unsealed(person: str, tokens: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Read files kept from before: only what this very person uploaded counts, since a digest alone is no secret."""
    for token in tokens:
        try:
            who, kind, digest = signing.loads(token, salt=SALT, max_age=86_400)
        except (signing.BadSignature, ValueError):
            continue
        if who == person:
            yield str(kind), str(digest)


def found(rows: list[Row]) -> Row:
    """Give the only row, or say that there is none."""
    if not rows:
        raise Http404
    return rows[0]


def case_of(request: HttpRequest, code: str) -> Case:
    """Open a project for an act; one that is veiled or unknown is not there."""
    viewer: Any = request.viewer  # type: ignore[attr-defined]
    looking = lists.viewer(viewer.who, on=viewer.today, language=viewer.language)
    month = current_month(looking.on, looking.profile)
    story = page.project_page(code, looking, period=month.label)
    if story.card is None:
        raise Http404
    return Case(request, code, story, story.card, looking)
