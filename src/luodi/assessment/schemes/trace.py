"""
The answer as one document: every unit, every item, each score opened into formula, figures, peers and a sentence.

Whoever reads an item's trace can recompute its score from it alone: operator, inputs, parameters, settled choices,
peers, rows, weight, rounding. A test does so with a small evaluator of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from luodi.assessment.schemes.engine import Pool
from luodi.assessment.schemes.exact import decimal_of, short, text_of
from luodi.assessment.schemes.operators.base import Scored
from luodi.assessment.schemes.sentences import Sentences
from luodi.assessment.schemes.standing import Place, Standing, standing_of
from luodi.assessment.schemes.values import Node, Ref, Rule
from luodi.kernel.problem import words

LANGUAGES = ("zh", "en")


def document(pool: Pool, *, own: Mapping[str, Fraction] | None = None) -> dict[str, Any]:
    """Give the whole answer for one period; `own` are the totals by the units' own figures, where they gave some."""
    standing = standing_of(pool)
    pages = {group: _Pages(pool, group) for group in pool.scheme.groups}
    places = sorted(standing.places.values(), key=lambda place: _reading_order(pool, place))
    scheme = pool.scheme
    answer: dict[str, Any] = {"scheme": scheme.id, "period": pool.period}
    if scheme.approval is None:
        answer["mark"] = {language: words("scheme.mark.trial", language) for language in LANGUAGES}
    else:
        answer["approval"] = scheme.approval
    answer["units"] = [_unit(standing, place, pages, own or {}) for place in places]
    return answer


def _reading_order(pool: Pool, place: Place) -> tuple[object, ...]:
    group = 0 if pool.scheme.rank.within == "all" else list(pool.scheme.groups).index(place.group)
    return (group, place.rank is None, place.rank or 0, place.unit)


def _number(pool: Pool, value: Fraction | None) -> Decimal | None:
    rounding = pool.scheme.total.round if pool.run.rounds else None
    return None if value is None else decimal_of(value, rounding)


def _unit(standing: Standing, place: Place, pages: Mapping[str, _Pages], own: Mapping[str, Fraction]) -> dict[str, Any]:
    pool = standing.pool
    found: dict[str, Any] = {
        "unit": place.unit,
        "group": place.group,
        "rank": place.rank,
        "score": _number(pool, place.score),
        "exact": None if place.exact is None else text_of(place.exact),
        "state": place.state,
    }
    found.update(_after(pool, place))
    if place.unit in own:
        found["self_score"] = _number(pool, own[place.unit])
    parts = [(place.group, "items")] if not place.parts else [(group, "items") for group, _, _ in place.parts]
    if place.parts:
        found["parts"] = [
            {
                "group": group,
                "share": text_of(share),
                "score": _number(pool, score),
                "items": pages[group].items(place.unit),
                "total": pages[group].total(place.unit),
            }
            for group, share, score in place.parts
        ]
        found["items"] = []
    else:
        found["items"] = pages[parts[0][0]].items(place.unit)
        found["total"] = pages[place.group].total(place.unit)
    found["text"] = {language: _sentence(pool, place, language) for language in LANGUAGES}
    noted = {language: _noted(place, language) for language in LANGUAGES}
    return {**found, "notes": noted} if noted["en"] else found


def _after(pool: Pool, place: Place) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if pool.scheme.grades is not None:
        found["grade"] = place.grade
    if pool.scheme.prizes:
        found["prizes"] = place.prizes
    if place.why:
        found["why"] = place.why
    if place.vetoes:
        found["vetoes"] = [_rule(rule) for rule in place.vetoes]
    if place.moves:
        found["moves"] = [_rule(rule) for rule in place.moves]
    if place.proposed:
        found["proposed"] = [_rule(rule) for rule in place.proposed]
    if place.untold:
        found["unknown"] = place.untold
    if place.carried is not None:
        found["carried"] = text_of(place.carried)
    return found


def _rule(rule: Rule) -> dict[str, Any]:
    effect = {key: text_of(value) if isinstance(value, Fraction) else value for key, value in rule.effect.items()}
    return {"id": rule.id, "basis": rule.basis, "effect": {key: value for key, value in effect.items() if value}}


def _sentence(pool: Pool, place: Place, language: str) -> str:
    score = "-" if place.score is None else short(place.score)
    among_all = place.state == "ranked" and pool.scheme.rank.within == "all"
    code = "scheme.say.ranked_all" if among_all else f"scheme.say.{place.state}"
    ranked = standing_of(pool).ranked
    count = ranked.total() if among_all else ranked[place.group]
    why, group = _listed(place.why, language), place.group
    return words(code, language, unit=place.unit, group=group, score=score, rank=place.rank, count=count, why=why)


def _noted(place: Place, language: str) -> str:
    return (" " if language == "en" else "").join(_notes(place, language))


def _notes(place: Place, language: str) -> Iterator[str]:
    """Yield what besides its figures settled a unit's place: what was carried forward, rules, grade, prizes."""
    if place.carried is not None:
        yield words("scheme.note.carried", language, points=short(place.carried))
    for kind in ("vetoes", "moves", "proposed"):
        if rules := getattr(place, kind):
            yield words(f"scheme.note.{kind}", language, rules=_listed([rule.id for rule in rules], language))
    if place.untold:
        yield words("scheme.note.unknown", language, rules=_listed(place.untold, language))
    if place.grade is not None:
        yield words("scheme.note.grade", language, grade=place.grade)
    if place.prizes:
        yield words("scheme.note.prizes", language, prizes=_listed(place.prizes, language))


def _listed(names: Sequence[str], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(names)


class _Pages:
    """Writes the traces of one group; what is the same for every unit is made once."""

    def __init__(self, pool: Pool, group: str) -> None:
        self.pool, self.group = pool, group
        names, weights = pool.items_of(pool.scheme.groups[group])
        self.nodes = [pool.scheme.items[name] for name in names]
        self.weighted = {name: weights.get(name) for name in names}
        self.fixed = {node.name: self._fixed(node) for node in self.nodes}
        self.written = {node.name: Sentences(pool.scheme, node) for node in self.nodes}
        for name in names:
            pool.column(group, Ref(name))

    def _fixed(self, node: Node) -> dict[str, Any]:
        inputs = self.pool.scheme.inputs
        sources = {ref.name: inputs[ref.name].source for ref in node.refs if ref.name in inputs}
        found = {
            "uses": node.uses,
            "choices": node.choices,
            "basis": node.basis,
            "sources": {name: source for name, source in sources.items() if source},
        }
        if node.title:
            found["title"] = node.title
        weight = self.weighted.get(node.name)
        parameters = dict(node.parameters) if weight is None else {**node.parameters, "weight": text_of(weight)}
        return {"found": found, "parameters": parameters, "weight": weight}

    def items(self, unit: str) -> list[dict[str, Any]]:
        """Open every item of a unit."""
        return [self._item(node, self.pool.scored[self.group, node.name][unit]) for node in self.nodes]

    def _item(self, node: Node, scored: Scored) -> dict[str, Any]:
        fixed = self.fixed[node.name]
        parameters = fixed["parameters"]
        if scored.weight is not fixed["weight"] and scored.weight is not None:
            parameters = {**parameters, "weight": text_of(scored.weight)}
        used = {name: _told(value) for name, value in scored.used.items()}
        exact = None if scored.exact is None else text_of(scored.exact)
        rounding = node.round if self.pool.run.rounds else None
        score = None if scored.score is None else decimal_of(scored.score, rounding)
        found: dict[str, Any] = {
            "item": node.name,
            "score": score,
            "exact": exact,
            "op": node.op,
            "inputs": used,
            "parameters": parameters,
        }
        if scored.outcome is None:
            found["state"] = "not_applicable"
            found["why"] = scored.why
        else:
            if scored.outcome.capped is not None:
                found["capped"] = scored.outcome.capped
            found.update(scored.outcome.more)
        found.update(fixed["found"])
        found["text"], found["sentence"] = self.written[node.name].of(scored, exact, score)
        return found

    def total(self, unit: str) -> dict[str, Any]:
        """Open a unit's total."""
        scored = self.pool.scored[self.group, "total"][unit]
        node = self.pool.scheme.groups[self.group].total or self.pool.scheme.total
        used = {name: _told(value) for name, value in scored.used.items()}
        found: dict[str, Any] = {
            "op": node.op,
            "inputs": used,
            "parameters": node.parameters,
            "uses": node.uses,
            "choices": node.choices,
        }
        if scored.outcome is not None and scored.outcome.capped is not None:
            found["capped"] = scored.outcome.capped
        return found


def _told(value: Fraction | str | None) -> str | None:
    return text_of(value) if isinstance(value, Fraction) else value
