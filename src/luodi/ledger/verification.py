"""
`luodi verify`: everything that can be proved about a store, each difference named.

First the proof itself: bytes against leaf hashes, leaves against seals, seals against their chain. Then what hangs on
it: columns against bytes, texts against commitments, files against digests, and the projections, rebuilt beside the live ones.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
from django.db import OperationalError

from luodi.kernel import digest, merkle
from luodi.kernel.problem import Problem
from luodi.ledger import columns, evidence, guards, models, queries, reading, registry, seals, store
from luodi.ledger.facts import EVIDENCE_REMOVED, TEXT_REMOVED
from luodi.ledger.projections import DbRow
from luodi.ledger.values import Seal, fact_of, place_of

SEAL_NUMBERS = ("id", "known_at", "cut_at", "first", "through", "count", "sealed_at")
COLUMNS = ("id", "name", "version", "recorded_at", "actor", "subject", "import_id")


@dataclass
class Report:
    """What was looked at, what was found wrong, and what was removed by law."""

    facts: int = 0
    seals: int = 0
    sealed_through: int = 0
    unsealed: int = 0
    rows: int = 0
    files: int = 0
    removed_texts: int = 0
    removed_files: int = 0
    problems: list[Problem] = field(default_factory=list)

    def found(self, code: str, where: str, **params: object) -> None:
        """Put down a difference."""
        self.problems.append(Problem(f"ledger.verify.{code}", where, params))


def verify(*, progress: Callable[[int], None] | None = None) -> Report:
    """Compare everything with everything, as of one moment; changes nothing. `progress` is told of each fact's id."""
    with store.refusing():
        try:
            return _verified(progress)
        except OperationalError as error:
            # Text that is none is read cell by cell only where there is some: it takes longer.
            if "decode" not in str(error):
                raise
            with reading.any_text():
                return _verified(progress)


def _verified(progress: Callable[[int], None] | None) -> Report:
    report = Report()
    for name in guards.missing():
        report.found("guard_missing", f"guard={name}", guard=name)
    with reading.one_view():
        known = _seals(report)
        verify_chain(report, known)
        verify_content(report, progress)
    return report


# The proof ------------------------------------------------------------------------------------------------------------


def _seals(report: Report) -> tuple[Seal, ...]:
    """Give the seals that can be one; name the others: SQLite lets anything stand in a column."""
    try:
        found = queries.seals()
    except UnicodeDecodeError:  # a day that is no text: the row is named where projections are compared
        return ()
    able = tuple(seal for seal in found if _can_be(seal))
    for seal in found:
        if seal not in able:
            report.found("seal_changed", f"period={seal.period}", period=seal.period)
    return able


def _can_be(seal: Seal) -> bool:
    cells = vars(seal)
    return (
        seal.algorithm in digest.ALGORITHMS
        and isinstance(seal.period_last, date)
        and all(isinstance(cell, int if name in SEAL_NUMBERS else str | date) for name, cell in cells.items())
    )


def verify_chain(report: Report, known: tuple[Seal, ...]) -> None:
    """Check every fact's bytes and place under a seal, and the seals one by one."""
    hashing = store.nature().hashing
    trees = _Trees(report, known)
    last = 0
    for rows in reading.bodies(0):
        leaves, broken = reading.leaves_of(rows, hashing)
        for fact in broken:
            report.found("fact_changed", f"fact={fact}", fact=fact)
        facts = [fact for fact, _body, _leaf in rows]
        if facts[-1] - last != len(facts):
            _gaps(report, last, facts)
        trees.take(facts, leaves)
        last = facts[-1]
        report.facts += len(facts)
    trees.end()
    _chain(report, known)
    report.seals = len(known)
    report.sealed_through = known[-1].through if known else 0
    report.unsealed = max(0, last - report.sealed_through)


def _gaps(report: Report, last: int, facts: list[int]) -> None:
    """Name the ids that are missing: they are drawn without gaps."""
    for fact in facts:
        if fact != last + 1:
            report.found("fact_missing", f"fact={last + 1}", first=last + 1, last=fact - 1)
        last = fact


class _Trees:
    """One Merkle tree after another, as the facts stream by: a seal's, closed when its last fact has passed."""

    def __init__(self, report: Report, known: tuple[Seal, ...]) -> None:
        self.report = report
        self.waiting = list(known)
        self.tree = self._tree()

    def _tree(self) -> merkle.Accumulator | None:
        return merkle.Accumulator(digest.hasher(self.waiting[0].algorithm)) if self.waiting else None

    def take(self, facts: list[int], leaves: list[bytes]) -> None:
        """Take the next facts' leaves, putting each under the seal it comes before."""
        while self.tree is not None and facts:
            inside = bisect_right(facts, self.waiting[0].through)
            self.tree.add(leaves[:inside])
            facts, leaves = facts[inside:], leaves[inside:]
            if facts:
                self._end_one(self.tree)

    def _end_one(self, tree: merkle.Accumulator) -> None:
        seal = self.waiting.pop(0)
        if tree.count != seal.count or tree.root().hex() != seal.root:
            params = {"period": seal.period, "count": seal.count, "found": tree.count}
            self.report.found("seal_does_not_cover", f"period={seal.period}", **params)
        self.tree = self._tree()

    def end(self) -> None:
        """Compare the seals that no later fact closed."""
        while self.tree is not None:
            self._end_one(self.tree)


def _chain(report: Report, known: tuple[Seal, ...]) -> None:
    previous, next_first, cut = "", 1, 0
    for seal in known:
        where = f"period={seal.period}"
        if seals.hash_of(vars(seal), seal.algorithm) != seal.hash:
            report.found("seal_changed", where, period=seal.period)
        if seal.previous != previous or seal.first != next_first or seal.cut_at <= cut:
            report.found("chain_broken", where, period=seal.period)
        copy = models.ProfileCopy.objects.filter(digest=seal.profile).first()
        if copy is None or seal.profile not in _digests(_bytes(copy.body)):
            report.found("profile_lost", where, period=seal.period, digest=seal.profile)
        previous, next_first, cut = seal.hash, seal.through + 1, seal.cut_at


def _bytes(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body)


def _digests(body: bytes) -> set[str]:
    """The digests a profile copy may go by: the profile's own is SHA-256; a store may hash with SM3."""
    return {digest.hasher("sha256")(body).hexdigest(), store.nature().hashing(body).hexdigest()}


# What hangs on it -----------------------------------------------------------------------------------------------------


def verify_content(report: Report, progress: Callable[[int], None] | None = None) -> None:
    """Check texts, evidence files and projections against the facts."""
    live = {model: _Live(report, model) for model in registry.models()}
    content = _Content(report, store.nature().hashing)
    for row in reading.facts():
        try:
            opened = reading.opened(row)
            _columns(report, row, opened.body)
        except (ValueError, KeyError, TypeError):
            report.found("fact_unreadable", f"fact={row[0]}", fact=row[0])
            continue
        content.take(opened, has_texts=row[9] is not None)
        if opened.type is None:
            report.found("type_unknown", f"fact={opened.id}", fact=opened.id, name=opened.body["name"])
        for model, rows in opened.projected():
            live[model].compare(rows)
        if progress is not None:
            progress(opened.id)
    for one in live.values():
        one.end()
    content.end()


def _columns(report: Report, row: DbRow, content: Mapping[str, Any]) -> None:
    """Compare a fact's columns with what its bytes say."""
    written = (
        content["id"],
        content["name"],
        content["version"],
        columns.instant_of(content["recorded_at"]),
        content["actor"]["person"],
        content["subject"],
        content["import"],
    )
    if written != row[:7]:
        differing = [name for name, one, other in zip(COLUMNS, written, row[:7], strict=True) if one != other]
        report.found("column_changed", f"fact={row[0]}", fact=row[0], columns=", ".join(differing))


class _Content:
    """Texts and files, gathered on the way through the facts and judged at the end, when all removals are known."""

    def __init__(self, report: Report, hashing: digest.Hasher) -> None:
        self.report, self.hashing = report, hashing
        self.blank: set[tuple[int, str]] = set()
        self.removed_texts: set[tuple[int, str]] = set()
        self.files: dict[str, int] = {}
        self.removed_files: set[str] = set()

    def take(self, opened: reading.Opened, *, has_texts: bool) -> None:
        """Check one fact's texts; remember what it removes and which files it names."""
        name, details = opened.body["name"], opened.body["payload"]["details"]
        if name == TEXT_REMOVED.name:
            self.removed_texts |= {(details["fact"], commitment) for commitment in details["commitments"]}
        if name == EVIDENCE_REMOVED.name:
            self.removed_files.add(details["digest"])
        for one in opened.body["evidence"]:
            self.files.setdefault(one, opened.id)
        for commitment in opened.commitments():
            kept = opened.words.get(commitment)
            if kept is None:
                self.blank.add((opened.id, commitment))
            elif self._committed(kept) != commitment:
                self.report.found("text_changed", f"fact={opened.id}", fact=opened.id)

    def _committed(self, kept: Any) -> str | None:
        """Give what a kept text commits to; None if it is no text with its salt."""
        try:
            return digest.commitment(self.hashing, bytes.fromhex(kept[0]), kept[1])
        except (ValueError, TypeError, LookupError, AttributeError):
            return None

    def end(self) -> None:
        """Tell removed from lost."""
        self.report.removed_texts = len(self.blank & self.removed_texts)
        for fact in sorted({fact for fact, _commitment in self.blank - self.removed_texts}):
            self.report.found("text_lost", f"fact={fact}", fact=fact)
        rows = {row.digest: row for row in models.Evidence.objects.all()}
        for name in sorted(self.files.keys() - rows.keys()):
            self.report.found("evidence_lost", f"file={name}", digest=name, fact=self.files[name])
        for name, row in sorted(rows.items()):
            self._file(name, removed=row.removed_at is not None)

    def _file(self, name: str, *, removed: bool) -> None:
        path = evidence.path_of(name)
        if name in self.removed_files:
            self.report.removed_files += 1
            if path.exists():
                self.report.found("evidence_not_removed", f"file={name}", digest=name)
            return
        self.report.files += 1
        if removed or not path.exists():
            self.report.found("evidence_lost", f"file={name}", digest=name, fact=self.files.get(name, ""))
        elif self.hashing(path.read_bytes()).hexdigest() != name:
            self.report.found("evidence_changed", f"file={name}", digest=name)


class _Live:
    """The live rows of one projection, walked beside the rows that the facts give, both in id order."""

    def __init__(self, report: Report, model: str) -> None:
        self.report, self.model = report, model
        self.columns = list(columns.columns(model).values())
        self.rows = self._stream()
        self.next = next(self.rows, None)

    def _stream(self) -> Iterator[DbRow]:
        for row in reading.stream(f"SELECT {selected(self.model)} ORDER BY id"):
            yield tuple(map(_as_written, self.columns, row))

    def compare(self, expected: Iterator[DbRow]) -> None:
        """Compare the rows of one fact."""
        for row in expected:
            self.report.rows += 1
            while self.next is not None and _number(self.next[0]) < row[0]:
                self._surplus()
            if self.next is None or _number(self.next[0]) > row[0]:
                self._say("row_missing", row[0])
                continue
            if self.next != row:
                self._differing(row, self.next)
            self.next = next(self.rows, None)

    def _differing(self, expected: DbRow, found: DbRow) -> None:
        names = [
            column.name
            for column, one, other in zip(self.columns, expected, found, strict=True)
            if not _same(column, one, other)
        ]
        if names:
            self._say("row_changed", expected[0], columns=", ".join(names))

    def _surplus(self) -> None:
        assert self.next is not None  # noqa: S101
        self._say("row_surplus", self.next[0])
        self.next = next(self.rows, None)

    def _say(self, code: str, row: Any, **params: object) -> None:
        if isinstance(row, int):
            params |= {"fact": fact_of(row), "place": place_of(row)}
        self.report.found(code, f"table={self.model} row={row}", table=self.model, row=row, **params)

    def end(self) -> None:
        """Name what stands after the last row that the facts give."""
        while self.next is not None:
            self._surplus()


def _number(row: Any) -> float:
    """Give a row's id for comparing; what is no number sorts as SQLite sorts it: nothing first, text and bytes last."""
    return row if isinstance(row, int | float) else -1 if row is None else 2**64


def selected(model: str) -> str:
    """Give the columns and the table of a projection, for a SELECT."""
    from django.apps import apps
    from django.db import connection

    quote = connection.ops.quote_name
    # A plus keeps SQLite's driver from making a day of what stands there, which breaks off where it is none.
    plus = "+" if connection.vendor == "sqlite" else ""
    names = ", ".join(f"{plus}{quote(name)}" for name in columns.columns(model))
    return f"{names} FROM {quote(apps.get_model(model)._meta.db_table)}"


def _as_written(column: columns.Column, cell: Any) -> Any:
    """Give a live cell the way it is written: decimals and days as text."""
    if isinstance(cell, Decimal):
        return digest.decimal_text(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def _same(column: columns.Column, one: Any, other: Any) -> bool:
    """Compare cells that are not written alike: PostgreSQL puts JSON's keys in an order of its own."""
    if column.kind == "json" and one is not None and other is not None:
        try:
            return bool(orjson.loads(one) == orjson.loads(other))
        except ValueError:
            return False
    return bool(one == other)
