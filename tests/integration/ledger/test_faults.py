"""Killed, full, read-only, locked: everything is whole afterwards, and what went wrong is said."""

import random
import socket
import subprocess
import time

from tests.integration.ledger.conftest import LUODI

KILLS = 3


def code_of(document):
    return [problem["code"] for problem in document["problems"]]


def test_killed_in_an_import_all_of_it_is_there_or_nothing(store):
    killed_in(store, "bulk", (20, 200), kills=KILLS, whole=lambda facts: facts % 20 == 0)


def test_killed_in_a_seal_it_is_there_or_not(store):
    store.done("write", "w", 20)
    killed = killed_in(store, "seal_next", (), kills=KILLS)
    assert killed and store.luodi("verify")["seals"] >= 2


def killed_in(store, what, arguments, *, kills, whole=lambda facts: True, chance=None):
    """Kill the work at random moments of its length; after each the store is whole, and the next work goes well."""
    chance = chance or random.Random(str(arguments))
    first = store.work(what, *arguments)
    begun = time.monotonic()
    first.begin()
    first.finish()
    length = time.monotonic() - begun
    killed = 0
    for _ in range(4 * kills):
        work = store.work(what, *arguments)
        work.begin()
        time.sleep(chance.uniform(0, length * 0.8))
        if work.kill():
            killed += 1
            report = store.luodi("verify")
            assert report["whole"] and whole(report["facts"]), report
        if killed == kills:
            break
    assert killed, "the kills all came too late to mean anything"
    store.done(what, *arguments)
    assert store.luodi("verify")["whole"]
    return killed


def test_killed_in_a_backup_no_half_one_is_left_under_its_name(store, tmp_path):
    store.done("bulk", 20, 200)
    out = tmp_path / "out"
    out.mkdir()
    for n in range(KILLS):
        work = store.work("back_up", str(out / "b.tar"))
        work.begin()
        time.sleep(0.05 * n)
        work.kill()
        if (out / "b.tar").exists():
            assert store.done("facts_in", str(out / "b.tar")) == 20
    assert store.luodi("backup", out / "b.tar")["facts"] == 20
    assert [path.name for path in out.iterdir()] == ["b.tar"]


def test_a_full_disk_is_said_and_nothing_is_half_written(embedded, tmp_path):
    embedded.done("write", "w", 5)
    before = embedded.luodi("verify")
    size = (embedded.home / "luodi.sqlite3").stat().st_size
    work = embedded.work("try_bulk", file_size=size + 8192)
    work.begin()
    assert work.finish() == ["ledger.store.disk_full"]
    assert embedded.luodi("verify") == before
    document = embedded.luodi("backup", tmp_path / "b.tar", code=1, file_size=4096)
    assert code_of(document) == ["ledger.store.disk_full"]
    assert not list(tmp_path.glob("*b.tar*"))
    assert embedded.luodi("verify") == before


def test_a_read_only_store_is_said(embedded, tmp_path):
    embedded.done("write", "w", 2)
    for path in [*embedded.home.rglob("*"), embedded.home]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        for command in (["rebuild"], ["seal", "2024-05"]):
            assert code_of(embedded.luodi(*command, code=1, mortal=True)) == ["ledger.store.read_only"]
    finally:
        embedded.home.chmod(0o755)
        for path in embedded.home.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert embedded.luodi("verify")["whole"]


def test_a_second_server_on_one_embedded_store_is_refused_and_a_killed_one_leaves_no_lock(embedded):
    one = embedded.work("serve")
    one.begin()
    assert one.hear() == "held"
    assert f"process {one.process.pid}" in embedded.done("serve")
    one.kill()
    other = embedded.work("serve")
    other.begin()
    assert other.hear() == "held"
    other.begin()
    assert other.finish() == "ended"


def test_a_second_luodi_up_is_refused_and_after_a_kill_it_serves(embedded):
    one = serving(embedded)
    assert HERE in one.stdout.readline()
    other = serving(embedded, stderr=subprocess.PIPE)
    assert other.wait(60) == 1
    assert str(one.pid) in other.stderr.read()
    one.kill()
    one.wait(60)
    again = serving(embedded)
    assert HERE in again.stdout.readline()
    again.terminate()
    assert again.wait(60) == 0


HERE = "http://127.0.0.1:"


def serving(store, **options):
    """Serve a store, by the command as people give it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [*LUODI, "up", "--port", port]
    return subprocess.Popen(command, env=store.environment, stdout=subprocess.PIPE, text=True, **options)


def test_a_full_disk_under_the_snapshot_is_said_and_the_next_one_is_whole(store):
    store.done("bulk", 10, 200)
    assert store.done("mirror_where_the_disk_is_full") == ["ledger.store.disk_full"]
    assert store.done("mirrored") == 2_000


def test_a_writer_that_waits_too_long_is_told(store):
    holder = store.work("hold", 5)
    holder.begin()
    assert holder.hear() == "held"
    begun = time.monotonic()
    assert store.done("try_write_hastily") == ["ledger.store.busy"]
    assert time.monotonic() - begun < 60
    assert holder.finish() == "ended"
    assert store.done("try_write_hastily") == []


def test_two_backups_to_one_file_do_not_mix(embedded, tmp_path):
    import fcntl

    with (tmp_path / ".b.tar.part").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert code_of(embedded.luodi("backup", tmp_path / "b.tar", code=1)) == ["ledger.backup.running"]
    embedded.luodi("backup", tmp_path / "b.tar")


def test_a_backup_without_a_place_is_refused(embedded, tmp_path):
    assert code_of(embedded.luodi("backup", tmp_path / "nowhere" / "b.tar", code=1)) == ["ledger.store.unreachable"]
