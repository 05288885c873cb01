"""
Import of 100,000 project rows from .xlsx, checked, against a bare reading plus one executemany of the same columns.

    python bench/imports.py [rows]        prints the table of docs/benchmarks/import.md

Both sides read the same file with calamine and write the same columns to SQLite files of the same settings, one transaction each.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

HOSTS = [f"H{n:02d}" for n in range(40)]
HEADERS = ["项目编号", "项目代码（在线平台）", "项目名称", "属地", "引进单位", "牵头部门", "投资方", "统一社会信用代码", "资金来源地", "项目类型", "建设性质", "行业代码", "行业分类版本", "产业链", "签约类型", "建设内容及规模", "总投资", "固定资产投资", "战新", "不计入原因", "起始日期"]  # fmt: skip
ROUNDS = 3


def make(path: Path, rows: int) -> None:
    """Write a workbook of synthetic projects, every column filled."""
    import xlsxwriter
    from stdnum.cn import uscc

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet, day_format = book.add_worksheet("项目"), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEADERS)
    credits = [with_check(uscc, n) for n in range(5000)]
    for n in range(rows):
        total = 5000 + n % 90000 + (n % 100) / 100
        row = [f"P{n:06d}", f"2024-5301{n % 90:02d}-41-01-{n:06d}", f"云岭合成项目第{n}号生产线", HOSTS[n % 40], HOSTS[(n * 7) % 40], HOSTS[(n * 3) % 40], f"合成投资公司{n % 5000}", credits[n % 5000], ("境外", "省外", "省内市外", "市内")[n % 4], "招商引资", ("新建", "扩建")[n % 2], "3511", "2017", ("新材料", "装备制造", "")[n % 3], ("意向", "协议", "合同")[n % 3], f"建设厂房{n % 700}平方米，年产{n % 900}吨", total, total / 2, ("是", "否")[n % 2], ""]  # fmt: skip
        sheet.write_row(n + 1, 0, row)
        sheet.write_datetime(n + 1, 20, date(2021, 1, 1) + timedelta(days=n % 1500), day_format)
    book.close()


def with_check(uscc: object, n: int) -> str:
    """Give a credit code with its right check sign; the body is made up."""
    body = f"91530100MA{n:07d}"
    return body + uscc.calc_check_digit(body)  # type: ignore[attr-defined]


@dataclass(frozen=True, order=True)
class Spent:
    """Seconds of the processor (fair on a shared machine) and of the clock."""

    cpu: float
    clock: float


class Watch:
    """Measures from its making on."""

    def __init__(self) -> None:
        self.cpu, self.clock = time.process_time(), time.perf_counter()

    def spent(self) -> Spent:
        """Give what went by."""
        return Spent(time.process_time() - self.cpu, time.perf_counter() - self.clock)


def bare(path: Path, folder: Path) -> Spent:
    """Read the file and write its columns: nothing checked, nothing proved."""
    import python_calamine

    store = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=FULL")
    names = [f"c{n}" for n in range(len(HEADERS))]
    store.execute(
        f"CREATE TABLE version (id INTEGER PRIMARY KEY, known_at INTEGER, loaded INTEGER, {', '.join(names)}, attributes TEXT)"
    )
    store.execute("CREATE INDEX version_code ON version (c0)")
    watch = Watch()
    rows = python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()[1:]
    store.execute("BEGIN IMMEDIATE")
    marks = ", ".join(["?"] * (len(HEADERS) + 4))
    written = ((n, 0, 1, *row[:20], row[20].isoformat(), "{}") for n, row in enumerate(rows))
    store.executemany(f"INSERT INTO version VALUES ({marks})", written)
    store.execute("COMMIT")
    spent = watch.spent()
    store.close()
    (folder / "bare.sqlite3").unlink()
    return spent


def ours(path: Path, units: Path, folder: Path, *, profiled: bool = False) -> tuple[Spent, int, str]:
    """Import the file into a new store; gives what it took, rows loaded, and (if asked) where the time went."""
    from django.db import connection

    from luodi.codebook import queries as codebook
    from luodi.exchange import actions
    from luodi.ledger import clock, making
    from luodi.ledger.values import Actor

    connection.close()
    for file in folder.glob("luodi.sqlite3*"):
        file.unlink()
    making.make()
    actor, profile = Actor("local", "cli"), codebook.profile()
    common = {"profile": profile, "actor": actor, "options": actions.Options(history=True)}
    actions.import_file(kind="units", path=units, now=clock.now(), today=clock.today(), **common)
    profiler = cProfile.Profile(time.process_time)  # others on the machine cost the clock, not this
    watch = Watch()
    if profiled:
        profiler.enable()
    answer = actions.import_file(kind="projects", path=path, now=clock.now(), today=clock.today(), **common)
    spent = watch.spent()
    profiler.disable()
    return spent, answer.loaded, top(profiler) if profiled else ""


def top(profiler: cProfile.Profile) -> str:
    """Say which functions took the time."""
    stats = pstats.Stats(profiler)
    lines = []
    for (file, line, name), (_cc, calls, own, total, _callers) in sorted(
        stats.stats.items(), key=lambda item: -item[1][2]
    )[:25]:  # type: ignore[attr-defined]
        lines.append(f"{own:7.2f} s own {total:7.2f} s all {calls:>9} calls  {Path(file).name}:{line} {name}")
    return "\n".join(lines)


def best(rounds: Iterable[Spent]) -> Spent:
    """Take the best of several rounds, each measure by itself."""
    spent = list(rounds)
    return Spent(min(one.cpu for one in spent), min(one.clock for one in spent))


def main(rows: int, profiled: bool) -> tuple[Spent, Spent]:
    """Measure both sides in one run."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        os.environ["LUODI_HOME"] = made
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luodi.server.settings")
        import django

        django.setup()
        path, units = folder / "projects.xlsx", folder / "units.csv"
        make(path, rows)
        units.write_text(
            "code,name,kind,valid_from\n" + "".join(f"{code},{code},district,2020-01-01\n" for code in HOSTS), "utf-8"
        )
        if profiled:
            print(ours(path, units, folder, profiled=True)[2])
        # In turn, so that what else the machine does weighs on both alike.
        rounds = [(bare(path, folder), ours(path, units, folder)[0]) for _ in range(ROUNDS)]
        baseline, import_ = best(one for one, _other in rounds), best(other for _one, other in rounds)
        return baseline, import_


def show(rows: int, bare_: Spent, import_: Spent) -> None:
    """Print the table of docs/benchmarks/import.md."""
    print(f"| {rows:,} rows | bare | import | ratio | must reach |\n| --- | --- | --- | --- | --- |")
    for name in ("clock", "cpu"):
        one, other = getattr(bare_, name), getattr(import_, name)
        print(f"| {WORDS[name]}, s | {one:.2f} | {other:.2f} | {other / one:.2f}x | {MOST}x |")


WORDS = {"clock": "by the clock", "cpu": "of the processor"}
MOST = 3  # times the bare side, in the processor's seconds


if __name__ == "__main__":
    numbers = [int(part) for part in sys.argv[1:] if part.isdigit()]
    count = numbers[0] if numbers else 100_000
    bare_side, import_side = main(count, "--profile" in sys.argv)
    show(count, bare_side, import_side)
    raise SystemExit(import_side.cpu > MOST * bare_side.cpu)
