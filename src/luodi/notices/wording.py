"""
What a notice says: one line, from codes. In a message only what anybody may read: units, forms, and a project by its public label
(its code name until it is signed). An inbox may name a project better: it passes the names its reader may see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from luodi.codebook import queries as codebook
from luodi.codebook.values import Profile
from luodi.identity import queries as identity
from luodi.identity.tree import Tree
from luodi.kernel import period_words
from luodi.kernel.problem import words
from luodi.notices.values import Note


@dataclass(frozen=True)
class Speaking:
    """What words need: the profile, the tree of the day, and labels of projects (and titles of forms of the moment, `moment:ID`) that the reader may see."""

    profile: Profile
    tree: Tree
    labels: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, today: date, labels: Mapping[str, str] | None = None) -> Speaking:
        """Load it for a day."""
        return cls(codebook.profile(), identity.tree(on=today), labels or {})

    def line(self, note: Note, language: str) -> str:
        """Say a notice in one line."""
        return words(f"notices.line.{note.kind.value}", language, **self.named(note, language))

    def named(self, note: Note, language: str) -> dict[str, object]:
        """Give a notice's parameters in words: units, forms, stages and duties by their labels."""
        found: dict[str, object] = dict(note.params)
        if "unit" in note.params:
            found["unit"] = self.tree.name(note.params["unit"])
        if "period" in note.params:
            years = self.profile.calendar.accounting_year
            found["period"] = period_words.written(years.parse(note.params["period"]), language)
        form = self.profile.form(note.params.get("form", ""))
        if form is not None:
            found["form"] = form.zh if language == "zh" else form.en
        if "asker" in note.params:
            found["asker"] = self.tree.name(note.params["asker"])
        if "moment" in note.params:
            title = self.labels.get(f"moment:{note.params['moment']}", "")
            found["title"] = "" if not title else f"《{title}》" if language == "zh" else f" '{title}'"
        if "project" in note.params:
            found["project"] = self.labels.get(note.params["project"], note.params.get("label", ""))
        stage = next((one for one in self.profile.stages if one.id == note.params.get("stage")), None)
        if stage is not None:
            found["stage"] = stage.id if language == "zh" else stage.en
        duty = next((one for one in self.profile.responsibilities if one.id == note.params.get("duty")), None)
        if duty is not None:
            found["duty"] = duty.zh if language == "zh" else duty.en
        if "import_kind" in note.params:
            found["import_kind"] = words(f"imports.kind.{note.params['import_kind']}", language)
        if note.due_on is not None:
            there = note.due_on
            found["due"] = f"{there.month}月{there.day}日" if language == "zh" else f"{there.day} {there:%b}"
        return found
