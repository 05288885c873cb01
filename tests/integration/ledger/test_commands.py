"""The store's commands as a script sees them: one JSON document, exit codes, refusals that change nothing."""

import os
import subprocess

import pytest

from tests.integration.ledger.conftest import LUODI, Store, new_database


def wrote(store, acts=3):
    return store.done("write", "w", acts)


def code_of(document):
    return [problem["code"] for problem in document["problems"]]


def test_a_store_is_made_once_and_upgraded_ever_after(store):
    assert store.luodi("init") == store.luodi("init", "--empty")
    made = store.luodi("init")
    assert (made["algorithm"], made["synthetic"], made["facts"], made["seals"]) == ("sha256", False, 0, 0)
    wrote(store)
    assert code_of(store.luodi("init", "--empty", code=1)) == ["ledger.store.not_empty"]


def test_empty_and_demo_exclude_each_other(tmp_path):
    run = subprocess.run(
        [*LUODI, "init", "--empty", "--demo"], env=Store(tmp_path).environment, capture_output=True, check=False
    )
    assert run.returncode == 2


def test_sm3_is_fixed_when_the_store_is_made(tmp_path):
    made = Store(tmp_path / "h")
    assert made.luodi("init", "--algorithm", "sm3")["algorithm"] == "sm3"
    assert code_of(made.luodi("init", "--algorithm", "sha256", code=1)) == ["ledger.store.made_otherwise"]
    wrote(made)
    assert len(made.luodi("seal", "2024-05")["hash"]) == 64
    assert made.luodi("verify")["whole"]


def test_commands_without_a_store_say_so_and_make_none(tmp_path):
    absent = Store(tmp_path / "nowhere")
    for command in (["verify"], ["rebuild"], ["seal", "2024-05"], ["backup", str(tmp_path / "b.tar")]):
        document = absent.luodi(*command, code=1)
        assert code_of(document) == ["ledger.store.not_made"]
        assert "luodi init" in document["problems"][0]["message"]
    assert not list(tmp_path.glob("nowhere/*.sqlite3")) and not (tmp_path / "b.tar").exists()


def test_a_month_is_sealed_exported_and_verified(store, tmp_path):
    written = len(wrote(store))
    file = tmp_path / "seals.json"
    sealed = store.luodi("seal", "2024-05", "--export", file)
    assert (sealed["period"], sealed["count"], sealed["sealed_by"]) == ("2024-05", written, "local")
    assert store.luodi("seal", "2024-05", "--export", file) == sealed
    assert code_of(store.luodi("seal", "2024-05", code=1)) == ["statistics.seal.exists"]
    assert code_of(store.luodi("seal", "2024-13", code=1)) == ["period.unreadable"]
    report = store.luodi("verify", "--seals", file, "--proof", 1)
    assert report["whole"] and report["unsealed"] == 1
    assert report["proofs"][0]["seal"]["hash"] == sealed["hash"]


def test_who_acts_is_asked_for_permission_and_kept(store):
    secret = store.done("appoint", "p7")
    store.extra = {"LUODI_TOKEN": secret} if store.url else {}
    assert store.luodi("seal", "2024-05", "--as", "p7")["sealed_by"] == "p7"
    if not store.url:
        assert code_of(store.luodi("seal", "2024-06", "--as", "p8", code=1)) == ["permission.refused"]
        store.extra = {"LUODI_USER": "p8"}
        assert code_of(store.luodi("seal", "2024-06", code=1)) == ["permission.refused"]
        assert store.luodi("seal", "2024-06", "--as", "p7")["sealed_by"] == "p7"
        store.extra = {}
        assert store.luodi("seal", "2024-07")["sealed_by"] == "local"


def test_verify_names_what_was_changed_and_exits_1(store):
    wrote(store)
    execute(store, "UPDATE projects_projectversion SET host = 'D9' WHERE code = 'w-0-0'")
    report = store.luodi("verify", code=1)
    assert code_of(report) == ["ledger.verify.row_changed"] and "host" in report["problems"][0]["message"]
    assert store.luodi("rebuild")["rows"]["projects.ProjectVersion"] == report["rows"]
    assert store.luodi("verify")["whole"]


def execute(store, *statements):
    if store.url:
        import psycopg

        with psycopg.connect(store.url) as connection:
            for statement in statements:
                connection.execute(statement)
        return
    import sqlite3

    with sqlite3.connect(store.home / "luodi.sqlite3") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_without_guards_nothing_but_verify_and_init_works(store):
    name = "ledger_fact_no_change ON ledger_fact" if store.url else "ledger_fact_no_update"
    execute(store, f"DROP TRIGGER {name}")
    assert code_of(store.luodi("rebuild", code=1)) == ["ledger.store.guards_missing"]
    assert code_of(store.luodi("verify", code=1)) == ["ledger.verify.guard_missing"]
    store.luodi("init")
    assert store.luodi("verify")["whole"]


def test_tables_are_for_people(store):
    wrote(store)
    run = subprocess.run([*LUODI, "verify"], env=store.environment, capture_output=True, text=True, check=True)
    assert "whole" in run.stdout and run.stderr == ""


def test_on_postgresql_a_token_is_needed_once_there_is_one(postgresql):
    assert postgresql.luodi("seal", "2024-05")["sealed_by"] == "local"
    secret = postgresql.done("appoint", "p7")
    assert code_of(postgresql.luodi("seal", "2024-06", code=1)) == ["ledger.actor.token_needed"]
    postgresql.extra = {"LUODI_TOKEN": "wrong"}
    assert code_of(postgresql.luodi("seal", "2024-06", code=1)) == ["ledger.actor.token_unknown"]
    postgresql.extra = {"LUODI_TOKEN": secret}
    assert code_of(postgresql.luodi("seal", "2024-06", "--as", "p8", code=1)) == ["ledger.actor.other_person"]
    assert postgresql.luodi("seal", "2024-06")["sealed_by"] == "p7"


def test_a_database_that_does_not_answer_is_said(tmp_path):
    nobody = Store(tmp_path, "postgresql://127.0.0.1:1/none")
    assert code_of(nobody.luodi("verify", code=1)) == ["ledger.store.unreachable"]
    broken = Store(tmp_path / "b")
    broken.home.mkdir()
    (broken.home / "luodi.sqlite3").write_bytes(b"no database at all, but long enough to be looked at " * 40)
    assert code_of(broken.luodi("verify", code=1)) == ["ledger.store.unreachable"]


# Backup and restore ---------------------------------------------------------------------------------------------------


@pytest.fixture
def backed_up(store, tmp_path):
    """A store with facts, evidence and a seal, and its backup."""
    wrote(store)
    store.digest = store.done("keep_evidence")
    store.luodi("seal", "2024-05")
    store.file = tmp_path / "out" / "b.tar"
    store.file.parent.mkdir()
    store.made = store.luodi("backup", store.file)
    return store


def elsewhere(store, tmp_path, name="other"):
    return Store(tmp_path / name, new_database(store.url) if store.url else None)


def test_a_backup_restored_elsewhere_is_the_same_store(backed_up, tmp_path):
    other = elsewhere(backed_up, tmp_path)
    if other.url:
        other.luodi("init")
    restored = other.luodi("restore", backed_up.file)
    assert restored["facts"] == backed_up.made["facts"] and backed_up.made["files"] == 1
    assert (other.home / "evidence" / backed_up.digest[:2] / backed_up.digest).read_bytes() == b"photo"
    theirs, ours = other.luodi("verify"), backed_up.luodi("verify")
    assert theirs == ours and theirs["whole"]
    wrote(other)
    assert other.luodi("verify")["whole"]
    assert [path.name for path in backed_up.file.parent.iterdir()] == ["b.tar"]
    assert not (other.home / ".restoring").exists()


def test_a_store_with_facts_is_not_replaced_by_accident(backed_up):
    assert code_of(backed_up.luodi("restore", backed_up.file, code=1)) == ["ledger.restore.not_empty"]
    if not backed_up.url:
        wrote(backed_up)
        backed_up.luodi("restore", backed_up.file, "--replace")
        assert backed_up.luodi("verify")["facts"] == backed_up.made["facts"]
        assert (backed_up.home / "luodi.sqlite3.replaced").exists()


def test_a_broken_backup_is_refused_and_changes_nothing(backed_up, tmp_path):
    whole = backed_up.file.read_bytes()
    middle = whole.index(b"projectversion") if b"projectversion" in whole else len(whole) // 2
    wrong = {
        "cut off": whole[: len(whole) // 2],
        "flipped": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "not a tar": b"PK\x03\x04" + b"x" * 2000,
        "empty": b"",
        "no manifest": whole[: whole.rindex(b"manifest.json")] + b"\x00" * 1024,
    }
    for name, content in wrong.items():
        file = tmp_path / "wrong.tar"
        file.write_bytes(content)
        other = elsewhere(backed_up, tmp_path, name.replace(" ", "_"))
        if other.url:
            other.luodi("init")
        assert code_of(other.luodi("restore", file, code=1)) == ["ledger.backup.broken"], name
        assert not (other.home / "luodi.sqlite3").exists()


def test_a_backup_is_not_restored_into_the_other_database(embedded, postgresql, tmp_path):
    embedded.luodi("backup", tmp_path / "b.tar")
    assert code_of(postgresql.luodi("restore", tmp_path / "b.tar", code=1)) == ["ledger.restore.other_engine"]


def test_a_backup_of_a_tampered_store_is_not_restored(backed_up, tmp_path):
    execute(backed_up, "UPDATE projects_projectversion SET host = 'D9'")
    backed_up.luodi("backup", backed_up.file)
    other = elsewhere(backed_up, tmp_path)
    if other.url:
        other.luodi("init")
    document = other.luodi("restore", backed_up.file, code=1)
    assert set(code_of(document)) == {"ledger.verify.row_changed"}
    assert other.url or not (other.home / "luodi.sqlite3").exists()


def test_what_the_law_erased_is_in_no_table_snapshot_or_backup_made_afterwards(backed_up, tmp_path):
    assert backed_up.done("snapshot_says", "w-0-0")
    backed_up.done("erase", backed_up.digest)
    assert not backed_up.done("snapshot_says", "云岭w-0-0项目")
    assert "云岭w-0-0项目".encode() in backed_up.file.read_bytes()
    backed_up.luodi("backup", tmp_path / "later.tar")
    later = (tmp_path / "later.tar").read_bytes()  # every table is in it, unpacked
    assert "云岭w-0-0项目".encode() not in later and "云岭w-1-0项目".encode() in later
    assert backed_up.digest.encode() + b"\x00" not in later  # no file of that name
    if not backed_up.url:  # nor does the store's own file still hold it, in a gap or in its log
        assert all("云岭w-0-0项目".encode() not in path.read_bytes() for path in backed_up.home.glob("luodi.sqlite3*"))
    report = backed_up.luodi("verify")
    assert report["whole"] and (report["removed_texts"], report["removed_files"]) == (1, 1)


def test_a_backup_is_whole_while_others_write(store, tmp_path):
    writers = [store.work("write", f"w{n}", 60) for n in range(2)]
    for writer in writers:
        writer.begin()
    made = [store.luodi("backup", tmp_path / f"{n}.tar") for n in range(2)]
    for writer in writers:
        writer.finish()
    for n, one in enumerate(made):
        other = elsewhere(store, tmp_path, f"other{n}")
        if other.url:
            other.luodi("init")
        other.luodi("restore", tmp_path / f"{n}.tar")
        report = other.luodi("verify")
        assert report["whole"] and report["facts"] == one["facts"]


def test_a_running_server_is_not_restored_over(embedded, tmp_path):
    embedded.luodi("backup", tmp_path / "b.tar")
    server = embedded.work("serve")
    server.begin()
    assert server.hear() == "held"
    assert code_of(embedded.luodi("restore", tmp_path / "b.tar", code=1)) == ["ledger.store.second_server"]
    server.begin()
    assert server.finish() == "ended"
    embedded.luodi("restore", tmp_path / "b.tar")


def test_the_tests_run_where_they_say():
    assert os.environ.get("LUODI_TEST_STORE", "sqlite") in ("sqlite", "postgresql")
