"""
Pages on a store of 5,000 projects x 10 years: server time of each, and how many questions it puts to the store.

    python bench/pages.py [--projects 5000] [--years 10] [--home FOLDER] [--rounds 20] [--json]

The store is a small demo city (people, posts, accounts, months in progress) with the projects' history loaded as a city would
load it, through the import. A page is asked for in the process, middleware and templates included, as whoever sees most of it:
once to begin with, then so many times while the ledger stands, and then, since pages keep in memory what the ledger's next fact may
change, so many times right after somebody wrote a note on a project or planned its year. Times are the processor's, and by the
clock beside. What was done stays in the store that is measured.
Beside it the same list and grouped count in Tryton 6, where Debian's package is installed.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import os
import random
import shutil
import statistics as numbers
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "luodi.server.settings"
LIMIT = 0.150  # seconds, p95
HOSTS = ("YL01", "YL02", "YL03", "YL04", "YL05", "YL06", "YL07", "YL08", "YLP1", "YLP2", "YLP3")
# Who sees most comes first.
ACCOUNTS = ("leader", "centre", "acceptor", "county", "checker", "head", "promotion", "secretary", "supervision",
            "auditor", "sysadmin", "secadmin", "auditadmin")  # fmt: skip
STAGES = (("签约", 0), ("落地", 90), ("开工", 200), ("竣工", 900), ("投产", 1000))
LAST = date(2023, 12, 1)


def begun(n: int, years: int) -> date:
    """Give the day a project began: spread over the years."""
    return date(LAST.year - years + 1, 1, 1) + timedelta(days=(n * 7919) % (365 * years - 220))


def projects(count: int, years: int, hosts: list[str]) -> Iterator[list[object]]:
    for n in range(count):
        yield [
            f"H{n:05}", f"云岭合成{n}号智能装备生产线项目", hosts[n % len(hosts)], f"合成投资公司{n % 3000}", "省外", "招商引资",
            "合同", 3000 + (n * 37) % 90000, "是" if n % 3 else "否", "3511", begun(n, years),
        ]  # fmt: skip


def stages(count: int, years: int) -> Iterator[list[object]]:
    for n in range(count):
        for stage, after in STAGES:
            day = begun(n, years) + timedelta(days=after + n % 40)
            if day <= LAST:
                yield [f"H{n:05}", stage, day, "是"]


def figures(count: int, years: int) -> Iterator[list[object]]:
    """Two figures a month while a project builds: about thirty months each."""
    rng = random.Random(7)
    for n in range(count):
        day = begun(n, years) + timedelta(days=200 + n % 40)
        for _ in range(26 + n % 10):
            if day > LAST:
                break
            for measure in ("完成投资", "到位资金"):
                yield [f"H{n:05}", measure, f"{day:%Y-%m}", rng.randrange(100, 90000) / 100, "是"]
            day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)


TABLES: dict[str, tuple[list[str], Callable[..., Iterator[list[object]]]]] = {
    "projects": (["项目编号", "项目名称", "属地", "投资方", "资金来源地", "项目类型", "签约类型", "总投资", "战新", "行业代码", "起始日期"], projects),
    "stages": (["项目编号", "阶段", "发生日期", "已核实"], stages),
    "figures": (["对象编号", "指标项", "期间", "数值", "已审核"], figures),
}  # fmt: skip


def make(home: Path, count: int, years: int) -> dict[str, float]:
    """Make the store; gives the seconds of each part."""
    from luodi.codebook import queries as codebook
    from luodi.demo import actions as demo
    from luodi.demo import office
    from luodi.exchange import actions
    from luodi.identity import queries as identity
    from luodi.indicators import snapshot
    from luodi.ledger import clock, making, store
    from luodi.ledger.values import Actor

    spent = {}
    office.BEGAN = date(2010, 1, 1)  # the units are as old as the history
    at = time.perf_counter()
    making.make(seed="7")
    store.note("demo", "building")
    demo.build(seed=7, projects=60, months=1)  # none sealed: history is loaded before the first seal
    store.note("demo", "built")
    spent["demo city"] = time.perf_counter() - at
    tree = identity.tree(on=clock.today())
    hosts = [code for code, unit in tree.units.items() if unit.kind in ("district", "park")]
    for kind, (head, rows) in TABLES.items():
        path = home / f"{kind}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(head)
            writer.writerows(rows(count, years, hosts) if kind == "projects" else rows(count, years))
        at = time.perf_counter()
        answer = actions.import_file(
            kind=kind, path=path, profile=codebook.profile(), actor=Actor("local", "cli"), now=clock.now(),
            today=clock.today(), options=actions.Options(history=True),
        )  # fmt: skip
        spent[f"import {answer.loaded:,} {kind}"] = time.perf_counter() - at
        assert answer.loaded, kind
    at = time.perf_counter()
    snapshot.refresh()
    spent["snapshot"] = time.perf_counter() - at
    return spent


def visitor(site: str, login: str | None) -> object:
    """Give somebody signed in who asks in this process; same face as tools.walk.Visitor."""
    from django.test import Client

    from luodi.web.models import Account

    class Inside:
        def __init__(self) -> None:
            self.client = Client(headers={"Accept-Encoding": "gzip"})
            if login:
                account = Account.objects.get(login=login)
                self.client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")

        def get(self, path: str) -> tuple[int, str, str]:
            import gzip

            answer = self.client.get(path)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            body = gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body
            return answer.status_code, answer.headers["Content-Type"].split(";")[0], body.decode("utf-8", "replace")

    return Inside()


def p95(times: list[float]) -> float:
    """Give the time that nineteen of twenty stay within."""
    return times[max(0, int(len(times) * 0.95 + 0.5) - 1)]


def somebody_acts() -> Callable[[], None]:
    """Give what does something on another project each time, as the pages do: writes a note, plans its year."""
    from luodi.codebook import queries as codebook
    from luodi.ledger import clock
    from luodi.ledger.values import Actor
    from luodi.projects import actions
    from luodi.projects.queries import cards
    from luodi.projects.values.drafts import NoteDraft, PlanDraft

    profile, today = codebook.profile(), clock.today()
    month = profile.calendar.accounting_year.month_of(today)
    codes = itertools.cycle(sorted(cards.cards(on=today, profile=profile))[::7])

    turns = itertools.count()

    def act() -> None:
        code, turn, by = next(codes), next(turns), Actor("local", "cli")
        if turn % 2:
            actions.set_plans([PlanDraft(code, today.year, Decimal(10**8 + turn))], actor=by, today=today)
        else:
            actions.write_notes([NoteDraft(code, month.label, progress=f"设备安装第{turn}批")], actor=by, today=today)

    return act


def timed(visit: Callable[[], object]) -> tuple[float, float]:
    """Give what a visit took: of the processor, and by the clock."""
    at, began = time.process_time(), time.perf_counter()
    visit()
    return time.process_time() - at, time.perf_counter() - began


def measured(rounds: int) -> list[dict[str, object]]:
    """Ask for every page so many times; gives first, median and p95 in seconds, p95 right after an act, queries, bytes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from tools.walk import walk

    found = []
    visitors: dict[str, object] = {}
    act = somebody_acts()
    for stop in walk("", ACCOUNTS, visit=visitor):
        who: Any = visitors.setdefault(stop.login, visitor("", stop.login or None))

        def visit(who: Any = who, path: str = stop.path) -> object:
            return who.get(path)[2]

        first = timed(visit)[0]
        times = [timed(visit) for _ in range(rounds)]
        after = []
        for _ in range(rounds):
            act()
            after.append(timed(visit)[0])
        with CaptureQueriesContext(connection) as asked:
            body = visit()
        again = sorted(one for one, _ in times)
        found.append({
            "page": stop.name, "as": stop.login or "-", "path": stop.path, "first": first, "median": numbers.median(again),
            "p95": p95(again), "clock": p95(sorted(one for _, one in times)), "after": numbers.median(after),
            "after_p95": p95(sorted(after)), "queries": len(asked), "kilobytes": len(str(body)) / 1000,
        })  # fmt: skip
        last = found[-1]
        print(
            f"{stop.name:28} {last['p95'] * 1000:6.0f} ms, after an act {last['after_p95'] * 1000:6.0f} ms, {len(asked):3} queries",
            file=sys.stderr,
        )  # type: ignore[operator]
    return found


def tryton() -> str:
    """Say how Tryton 6 does the same, or that it isn't here."""
    if shutil.which("trytond") is None:
        return "Tryton 6 is not installed (Debian's tryton-server): not measured beside."
    return "Tryton 6 is here, but this bench does not drive it yet: not measured beside."


def show(spent: dict[str, float], rows: list[dict[str, object]]) -> None:
    for part, seconds in spent.items():
        print(f"- {part}: {seconds:.1f} s")
    heads = ("median", "p95", "after an act: median", "p95", "first", "p95 by the clock")
    columns = ("median", "p95", "after", "after_p95", "first", "clock")
    print(f"\n| page | as | {' | '.join(f'{head}, ms' for head in heads)} | queries | kB |")
    print(f"| --- | --- |{' ---: |' * (len(heads) + 2)}")
    for row in sorted(rows, key=lambda one: -float(one["p95"])):  # type: ignore[arg-type]
        told = " | ".join(f"{float(row[name]) * 1000:.0f}" for name in columns)  # type: ignore[arg-type]
        print(f"| {row['page']} | {row['as']} | {told} | {row['queries']} | {float(row['kilobytes']):.0f} |")  # type: ignore[arg-type]
    for name, when in (("p95", "while the ledger stands"), ("after_p95", "right after an act")):
        slow = [str(row["page"]) for row in rows if float(row[name]) > LIMIT]  # type: ignore[arg-type]
        print(f"\n{len(rows) - len(slow)} of {len(rows)} pages within {LIMIT * 1000:.0f} ms (p95) {when}.", *slow)
    print(tryton())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--projects", type=int, default=5000)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="luodi-bench-") as folder:
        home = (asked.home or Path(folder)).absolute()
        home.mkdir(parents=True, exist_ok=True)
        os.environ["LUODI_HOME"] = str(home)
        import django

        django.setup()
        from luodi.ledger import store

        fresh = not (home / "luodi.sqlite3").exists() or store.notes().get("demo") != "built"
        spent = make(home, asked.projects, asked.years) if fresh else {}
        rows = measured(asked.rounds)
        print(json.dumps({"making": spent, "pages": rows})) if asked.json else show(spent, rows)


if __name__ == "__main__":
    main()
