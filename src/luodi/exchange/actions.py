"""
Importing a file: read, convert, check, and append, all or nothing (or, if asked, row by row).

Everything that can be found wrong is found before anything is written, and all at once. What is written is written in facts of
at most 1,000 rows under one import id, in one transaction.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from luodi.codebook.values import Profile
from luodi.exchange import access, history, mapping, matching, preview, reading, tables, totals, unchanged, voids
from luodi.exchange.answer import Answer
from luodi.exchange.context import Context, Store
from luodi.exchange.frame import Frame, pick
from luodi.exchange.kinds import KINDS, Kind
from luodi.exchange.loading import LOADERS, Loader
from luodi.exchange.loading.base import Columns, drop_blank, need
from luodi.exchange.readers import Lookup
from luodi.exchange.refusals import BadFile, BadRows
from luodi.kernel.problem import Problem
from luodi.ledger import actions as ledger
from luodi.ledger import queries, store
from luodi.ledger.values import Act, Actor, row_id

ROWS_A_FACT = 1000
IMPORT_ID_HEX = 27

Progress = Callable[[str, int], None]


class LoadedMeanwhile(BadRows):
    """Another import of the same file went in while this one was being checked."""

    code = "import.file.loaded_meanwhile"


class Rejected(BadRows):
    """The file was not taken; `answer` says everything that was found."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(*answer.problems(blocking=True))
        self.answer = answer


@dataclass(frozen=True)
class Options:
    """How to import. `partial`: take what is good and leave the rest; `confirm`: which row is which project."""

    history: bool = False
    partial: bool = False
    dry_run: bool = False
    mapping: Path | None = None
    confirm: Path | None = None
    name: str | None = None


@dataclass
class Work:
    """One import on its way: what was read, rows and voids apart, columns for the ledger, what is decided beside."""

    kind: Kind
    loader: Loader
    context: Context
    read: reading.Reading
    rows: Frame
    voiding: Frame
    import_id: str
    columns: Columns = field(default_factory=dict)
    known: list[int | None] = field(default_factory=list)
    voidings: list[voids.Voiding] = field(default_factory=list)
    aliases: list[Act] = field(default_factory=list)
    offers: list[dict[str, object]] = field(default_factory=list)
    unchanged: int = 0
    blank: int = 0


def import_file(
    *,
    kind: str,
    path: Path,
    profile: Profile,
    actor: Actor,
    now: int,
    today: date,
    options: Options = Options(),
    progress: Progress | None = None,
) -> Answer:
    """
    Load a file of a kind into the ledger.

    :param kind: a name of `kinds.KINDS`
    :param now: the store's clock; `today` its day
    :raises Rejected: rows can't be taken (and not `partial`); its `answer` says which and why
    :raises BadFile, BadRows, BadMapping: the file as a whole can't
    :raises luodi.identity.permissions.NotAllowed:
    """
    say = progress or (lambda stage, count: None)
    with no_collector():
        return run(kind=kind, path=path, profile=profile, actor=actor, now=now, today=today, options=options, say=say)


@contextmanager
def no_collector() -> Iterator[None]:
    """Hold Python's cycle collector still: millions of cells hold no cycles, and looking through them again and again doubles the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def run(
    *, kind: str, path: Path, profile: Profile, actor: Actor, now: int, today: date, options: Options, say: Progress
) -> Answer:
    """Do the import."""
    work = prepare(kind=kind, path=path, profile=profile, actor=actor, now=now, today=today, options=options, say=say)
    answer = answer_of(work, options, path)
    if answer.refused and not options.partial:
        answer.loaded = answer.voided = 0
        raise Rejected(answer)
    if options.dry_run:
        answer.changes = preview.changes(work.rows, work.loader.type, work.columns, work.rows.standing())
        return answer
    say("writing", answer.loaded + answer.voided)
    write(work)
    return answer


def prepare(
    *, kind: str, path: Path, profile: Profile, actor: Actor, now: int, today: date, options: Options, say: Progress
) -> Work:
    """Read and check a file; nothing is written."""
    chosen, loader = KINDS[kind], LOADERS[kind]
    layout = layout_of(options.mapping, chosen, profile)
    digest = digest_of(path, options.mapping, chosen, options.name or path.name)
    context = Context(profile, Store(), actor, now, today, options.history, path.name, digest)
    access.require_import(context)
    say("reading", 0)
    book = tables.read(path, name=options.name)
    read = reading.read(book, chosen, layout, Lookup(profile, options.history))
    say("checking", len(read.frame))
    work = Work(chosen, loader, context, read, *apart(read.frame), import_id=f"{kind[:12]}-{digest[:IMPORT_ID_HEX]}")
    check_rows(work, matching.decisions(options.confirm, read.frame.sheets) if options.confirm else {})
    check_voids(work)
    return work


def layout_of(path: Path | None, kind: Kind, profile: Profile) -> mapping.Layout:
    """Read the mapping file, if there is one."""
    if path is None:
        return mapping.Layout()
    try:
        return mapping.load(path, kind, frozenset(item.id for item in profile.attributes))
    except OSError as error:
        raise BadFile("import.file.unreadable", name=path.name, found=error.strerror) from None


def digest_of(path: Path, mapped: Path | None, kind: Kind, name: str) -> str:
    """Name a file by its content, and by what the mapping makes of it."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
    except OSError as error:
        raise BadFile("import.file.unreadable", name=name, found=error.strerror) from None
    digest.update(kind.name.encode())
    if mapped is not None:
        digest.update(mapped.read_bytes())
    return digest.hexdigest()


def apart(frame: Frame) -> tuple[Frame, Frame]:
    """Put rows that void others apart from those that say something."""
    flags = frame.column("void")
    if not any(flags):
        return frame, frame.of([])
    return frame.of([index for index, flag in enumerate(flags) if not flag]), frame.of(
        [index for index, flag in enumerate(flags) if flag]
    )


def check_rows(work: Work, decided: Mapping[int, str]) -> None:
    """Find everything that is wrong with the rows; make their columns; leave out those that are loaded."""
    frame, context = work.rows, work.context
    drop_blank(frame)
    work.blank = len(frame.gone)
    if work.kind.name == "projects":
        work.aliases, work.offers = matching.settle(frame, context, decided)
    need(frame, [code for code in work.kind.required if code != "code" or work.kind.name != "projects"])
    forget_gone(frame)
    work.loader.check(frame, context)
    access.refuse_foreign_rows(frame, context, work.loader.permission)
    work.known = history.known_times(frame, context)
    work.columns = dict(work.loader.columns(frame, context, work.known))
    work.unchanged = unchanged.drop_loaded(frame, work.loader.type, work.columns, work.known, work.import_id)
    if context.history:
        history.refuse_sealed(frame, work.known, context.store.sealed_until)


def forget_gone(frame: Frame) -> None:
    """A blank row has no faults."""
    if frame.gone:
        rows = {frame.numbers[index] for index in frame.gone}
        frame.faults[:] = [fault for fault in frame.faults if fault.row not in rows]
        frame.bad -= frame.gone


def check_voids(work: Work) -> None:
    """Find what the voiding rows void."""
    frame, context = work.voiding, work.context
    if not len(frame):
        return
    kind = work.kind.name
    need(frame, voids.NEEDED[kind])
    access.refuse_foreign_rows(frame, context, work.loader.permission)
    known = history.known_times(frame, context)
    silent = frame.of(range(len(frame)))
    if kind in ("figures", "targets", "attributions"):
        work.loader.check(silent, context)
        frame.bad |= {
            index
            for index in silent.bad
            if any(
                fault.blocking and fault.column == "value" and fault.row == frame.numbers[index]
                for fault in silent.faults
            )
        }
        frame.faults += [
            fault for fault in silent.faults if fault.blocking and fault.column == "value" and fault not in frame.faults
        ]
    columns = work.loader.columns(silent, context, known)
    if None in known:
        rows = unchanged.loaded_rows(work.import_id, [work.loader.voided.name])
        again = [index for index, at in enumerate(known) if at is None and frame.numbers[index] in rows]
        frame.drop(again)
        work.unchanged += len(again)
    key = voids.KEYS[kind][0][0]
    candidates = voids.stored(kind, work.kind.model, {cell for cell in columns[key] if cell is not None})
    for named, candidate in voids.own(kind, work.columns, work.known, work.rows.standing(), context.now):
        candidates.setdefault(named, []).append(candidate)
    work.voidings = voids.resolve(frame, columns, known, candidates, context)
    work.unchanged += sum(voiding.already for voiding in work.voidings)
    if context.history:
        new = {voiding.index: voiding.known for voiding in work.voidings if not voiding.already}
        history.refuse_sealed(frame, list(map(new.get, range(len(frame)))), context.store.sealed_until)
    if kind == "attributions":
        voids.whole_sets_only(frame, work.voidings, candidates)
    work.voidings = [voiding for voiding in work.voidings if voiding.index not in frame.bad]


def answer_of(work: Work, options: Options, path: Path) -> Answer:
    """Count and gather."""
    rows, voiding, read = work.rows, work.voiding, work.read
    refused = len(rows.bad - rows.gone) + len(voiding.bad - voiding.gone)
    voided = sum(not one.already for one in work.voidings)
    return Answer(
        kind=work.kind.name,
        file=options.name or path.name,
        sheets=read.frame.sheets,
        rows=len(read.frame) - work.blank,
        loaded=len(rows.standing()),
        voided=voided,
        unchanged=work.unchanged,
        refused=refused,
        skipped=read.skipped,
        import_id=work.import_id,
        dry_run=options.dry_run,
        unknown_columns=read.unknown,
        other_sheets=read.other_sheets,
        faults=[*rows.faults, *voiding.faults, *(fault for part in read.parts for fault in totals.check(part))],
        candidates=work.offers,
    )


def write(work: Work) -> None:
    """Append the rows, what settles names, and the voids, in one transaction."""
    acts, indexes = acts_of(work)
    seen = queries.last_fact()
    new_voids = [one for one in work.voidings if not one.already]

    def nobody_was_faster() -> None:
        from luodi.ledger.models import Fact

        if Fact.objects.filter(import_id=work.import_id, id__gt=seen).exists():
            raise LoadedMeanwhile(Problem(LoadedMeanwhile.code))

    if not any(one.target.row is None for one in new_voids):
        ledger.record(
            [*acts, *work.aliases, *void_acts(work, new_voids, {})],
            actor=work.context.actor,
            recheck=nobody_was_faster,
            import_id=work.import_id,
        )
        return
    with store.writing():
        facts = ledger.record(
            [*acts, *work.aliases], actor=work.context.actor, recheck=nobody_was_faster, import_id=work.import_id
        )
        ids = {
            index: row_id(fact, place)
            for fact, some in zip(facts, indexes, strict=False)
            for place, index in enumerate(some)
        }
        ledger.record(void_acts(work, new_voids, ids), actor=work.context.actor, import_id=work.import_id)


def acts_of(work: Work) -> tuple[list[Act], list[Sequence[int]]]:
    """Cut the rows into acts of at most 1,000 (a set of attributions is never cut); gives each act's rows too."""
    table = work.loader.type.tables[0]
    frame, context = work.rows, work.context
    selected = frame.selected()
    columns = {**work.columns, "known_at": work.known, "loaded": [context.history] * len(frame)}
    rows = list(zip(*(pick(columns[name], selected) for name in table.columns), strict=True))
    standing = frame.standing()
    groups = work.loader.group(frame, context, work.known) if work.loader.group else None
    acts: list[Act] = []
    indexes: list[Sequence[int]] = []
    for low, high in pieces(standing, groups):
        some = standing[low:high]
        details = details_of(work, [frame.numbers[index] for index in some])
        acts.append(Act(work.loader.type, f"import:{work.import_id}", {table.model: rows[low:high]}, details))
        indexes.append(some)
    return acts, indexes


def details_of(work: Work, numbers: Sequence[int]) -> dict[str, Any]:
    """Note of which file and which of its rows (from 1) an act is."""
    return {"file": work.context.digest, "rows": unchanged.ranges(number + 1 for number in numbers)}


def pieces(standing: Sequence[int], groups: Sequence[object] | None) -> list[tuple[int, int]]:
    """Cut a list into spans of at most 1,000, longer only where a group would be cut."""
    if groups is not None:
        return group_pieces([groups[index] for index in standing])
    return [(low, min(low + ROWS_A_FACT, len(standing))) for low in range(0, len(standing), ROWS_A_FACT)]


def group_pieces(keys: Sequence[object]) -> list[tuple[int, int]]:
    """Cut between groups. Rows of one group that don't stand together end up in one piece."""
    last = {key: at for at, key in enumerate(keys)}
    spans, low, reach = [], 0, 0
    for at, key in enumerate(keys):
        if at > reach and at - low >= ROWS_A_FACT:
            spans.append((low, at))
            low = at
        reach = max(reach, last[key])
    return [*spans, (low, len(keys))] if keys else []


def void_acts(work: Work, voidings: Sequence[voids.Voiding], ids: Mapping[int, int]) -> list[Act]:
    """Make the acts that void rows; `ids` the rows of this very import by their index."""
    acts = []
    for low in range(0, len(voidings), ROWS_A_FACT):
        some = voidings[low : low + ROWS_A_FACT]
        numbers = [work.voiding.numbers[one.index] for one in some]
        rows = [
            (
                work.kind.model,
                one.target.row if one.target.row is not None else ids[one.target.own or 0],
                f"导入文件第{work.voiding.row(one.index)}行作废",
                one.known,
                work.context.history,
            )
            for one in some
        ]
        acts.append(
            Act(work.loader.voided, f"import:{work.import_id}", {"ledger.Void": rows}, details_of(work, numbers))
        )
    return acts
