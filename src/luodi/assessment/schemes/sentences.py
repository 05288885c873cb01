"""
What a score says: the formula with its figures, and one plain sentence in each language.

A clerk reads the sentence, a committee the formula. Both are made of the same figures as the trace. The words stand
in the catalogue (`scheme.say.*`); this module only fills them in.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from string import Formatter

from luodi.assessment.schemes.exact import short, text_of
from luodi.assessment.schemes.operators.base import Outcome, Scored
from luodi.assessment.schemes.values import Node, Scheme
from luodi.kernel.problem import catalogue

FIGURES_SHOWN = 6
NOTHING = {"zh": "", "en": ""}
AFTER = ("total", "rank")  # figures of an earlier period that are no input, value or item


class Sentences:
    """Writes the texts of one item; the templates are looked up once."""

    def __init__(self, scheme: Scheme, node: Node) -> None:
        self.scheme, self.node = scheme, node
        self.label = {"zh": node.title or node.name, "en": node.title or node.name}
        entries = catalogue("scheme")
        self.entries = entries
        self.named: dict[str, tuple[dict[str, str], str]] = {}
        self.said_full: dict[str, object] = {}
        self.needed = frozenset[str]()
        self.clause = entries.get(f"scheme.say.{node.op}", NOTHING)
        for text in self.clause.values():
            self.needed |= {name for _, name, _, _ in Formatter().parse(text) if name}
        self.frame = entries["scheme.say.item"]
        self.full = entries["scheme.say.full"]
        self.absent = entries["scheme.say.not_applicable"]
        self.settled = entries["scheme.say.settled"]
        self.held = entries["scheme.say.held"]

    def of(self, scored: Scored, exact: str | None, score: Decimal | None) -> tuple[dict[str, str], dict[str, str]]:
        """Give the formula and the sentence, both in both languages."""
        if scored.outcome is None:
            gone = self._gone(scored.why)
            return gone, gone
        formula = self._formula(scored, exact, score)
        figures = self._figures(scored.used)
        detail, clauses = self._detail(scored), self._clauses(scored.outcome)
        said = {}
        for language in ("zh", "en"):
            clause = clauses[language].format_map(detail) if clauses[language] else ""
            full = "" if scored.weight is None else self._full(scored.weight, language)
            notes = self._notes(scored, language)
            gap = "，" if language == "zh" else ", "
            middle = gap.join(part for part in (figures[language], clause, notes) if part)
            said[language] = self.frame[language].format(
                label=self.label[language], middle=middle + gap if middle else "", score=score, full=full
            )
        return {"zh": formula, "en": formula}, said

    def _gone(self, why: str) -> dict[str, str]:
        """Say why an item does not apply: by a choice of the scheme, or for want of a figure."""
        reason = self.entries.get(f"scheme.na.{why.replace(' ', '_')}", self.entries["scheme.na.figure"])
        names = self._name(why)[0]
        return {
            language: text.format(label=self.label[language], why=reason[language].format(name=names[language]))
            for language, text in self.absent.items()
        }

    def _clauses(self, outcome: Outcome) -> Mapping[str, str]:
        """Choose the operator's clause: none where the item's `when` has settled it; a ladder says what was reached."""
        if outcome.more.get("settled") == "when":
            return NOTHING
        level = outcome.more.get("level")
        if level == "otherwise":
            return self.entries["scheme.say.ladder_none"]
        named = level is not None and not level.isdigit()
        return self.entries["scheme.say.ladder_named"] if named else self.clause

    def _full(self, weight: Fraction, language: str) -> str:
        """Say the full marks; most units of a group share them."""
        if self.said_full.get("weight") is not weight:
            said = {one: text.format(weight=short(weight)) for one, text in self.full.items()}
            self.said_full = {"weight": weight, **said}
        return str(self.said_full[language])

    def _formula(self, scored: Scored, exact: str | None, score: Decimal | None) -> str:
        """Write `((120-50)/(120-50)×40+60)×40/100=40`: the operator's part, the weight, the result."""
        assert scored.outcome is not None and exact is not None and scored.score is not None  # noqa: S101
        core = scored.outcome.formula
        by_when = scored.outcome.more.get("settled") == "when"
        if scored.weight is not None and self.node.scale is not None and not by_when:
            core = f"({core})" if scored.outcome.sum else core
            core = f"{core}×{text_of(scored.weight)}"
            if self.node.scale != 1:
                core = f"{core}/{text_of(self.node.scale)}"
        if "held" in scored.outcome.more:
            core = f"min({core}, {scored.outcome.more['held']})"
        if scored.score == scored.exact:
            return exact if core in (exact, f"({exact})") else f"{core}={exact}"
        return f"{core}≈{score}"

    def _figures(self, used: Mapping[str, Fraction | str | None]) -> dict[str, str]:
        """List the figures looked at: name, amount, unit."""
        shown: dict[str, list[str]] = {"zh": [], "en": []}
        for name, value in list(used.items())[:FIGURES_SHOWN]:
            titles, unit = self.named.get(name) or self._name(name)
            if value is not None:
                amount = f"{value if isinstance(value, str) else short(value)}{unit}"
            for language, listed in shown.items():
                told = self.entries["scheme.say.unreported"][language] if value is None else amount
                listed.append(f"{titles[language]} {told}")
        more = len(used) > FIGURES_SHOWN
        zh, en = "、".join(shown["zh"]), ", ".join(shown["en"])
        return {"zh": zh + ("等" if more else ""), "en": en + (" ..." if more else "")}

    def _name(self, name: str) -> tuple[dict[str, str], str]:
        """Give a figure's name for readers, in both languages, and its unit of measure."""
        base, _, when = name.partition("@")
        node = self.scheme.items.get(base) or self.scheme.values.get(base)
        source = self.scheme.inputs.get(base)
        title = (node.title or base) if node else base
        titles = dict.fromkeys(("zh", "en"), title)
        if base in AFTER:
            titles = dict(self.entries[f"scheme.figure.{base}"])
        if when:
            frame = self.entries.get(f"scheme.figure.at_{when}", self.entries["scheme.figure.at"])
            titles = {language: frame[language].format(name=text, when=when) for language, text in titles.items()}
        found = titles, source.unit if source else ""
        self.named[name] = found
        return found

    def _detail(self, scored: Scored) -> Mapping[str, object]:
        """Gather what the operator's clause asks for, and no more."""
        assert scored.outcome is not None  # noqa: S101
        outcome = scored.outcome
        return {name: self._told(name, outcome) for name in self.needed}

    def _told(self, name: str, outcome: Outcome) -> object:
        if name == "raw":
            return short(outcome.raw)
        if name == "percent":
            return short(outcome.raw * 100)
        if name in ("rows", "counted"):
            rows = outcome.more.get("rows", ())
            return len(rows) if name == "rows" else sum(1 for row in rows if row.get("points") != "0")
        if name.startswith(("min", "max")):
            peer = outcome.more.get("peers", {}).get(name[:3])
            return "-" if not peer else peer["unit" if name.endswith("_unit") else "value"]
        return outcome.more.get(name, "-")

    def _notes(self, scored: Scored, language: str) -> str:
        assert scored.outcome is not None  # noqa: S101
        notes = []
        if scored.outcome.capped:
            notes.append(self.held[language])
        if "settled" in scored.outcome.more:
            notes.append(self.settled[language].format(choice=scored.outcome.more["settled"]))
        return ("，" if language == "zh" else ", ").join(notes)
