"""What the store knows of itself, and what it says when it can't."""

import errno
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from luodi.kernel import digest, instant
from luodi.ledger import clock, making, queries, store
from luodi.ledger.columns import iso
from luodi.ledger.models import Fact
from tests.integration.ledger import given

pytestmark = pytest.mark.django_db

NEW_YEAR = instant.start_of(date(2026, 1, 1))


def test_a_store_without_notes_is_plain():
    assert store.nature() == store.Nature("sha256", False, None)
    assert store.nature().hashing is digest.hasher("sha256")


def test_notes_are_written_over():
    store.note("a", "1")
    store.note("a", "2")
    assert store.notes()["a"] == "2"


def test_a_real_stores_clock_can_not_be_set():
    store.note("clock_offset", "1000")  # even if somebody puts the note there
    assert clock.now() - clock.real() < 900_000_000
    for setting in (clock.run, clock.stand):
        with pytest.raises(clock.ClockIsReal):
            setting(NEW_YEAR)


def test_a_synthetic_stores_clock_stands_or_runs():
    store.note("synthetic", "yes")
    clock.stand(NEW_YEAR)
    assert clock.now() == clock.now() == NEW_YEAR and clock.today() == date(2026, 1, 1)
    given.record(given.version(), given.version())
    given.record(given.version())
    assert list(Fact.objects.order_by("id").values_list("recorded_at", flat=True)) == [
        NEW_YEAR,
        NEW_YEAR + 1,
        NEW_YEAR + 2,
    ]
    clock.run(NEW_YEAR + 10**9)
    one = clock.now()
    assert NEW_YEAR + 10**9 <= one <= clock.now() < NEW_YEAR + 10**9 + 60 * 10**6


def test_the_clock_is_about_now():
    import time

    assert abs(clock.real() - time.time_ns() // 1000) < 10 * 10**6


def test_a_store_stays_what_it_was_made():
    notes = making.make(algorithm="sm3", seed="7")
    assert (notes["algorithm"], notes["synthetic"], notes["seed"]) == ("sm3", "yes", "7")
    assert making.make() == notes == making.make(algorithm="sm3", seed="7", empty=True)
    for wanted in ({"algorithm": "sha256"}, {"seed": "8"}):
        with pytest.raises(making.MadeOtherwise):
            making.make(**wanted)
    with pytest.raises(digest.NoSuchAlgorithm):
        making.make(algorithm="md5")


def test_a_real_store_does_not_become_a_demo():
    making.make()
    with pytest.raises(making.MadeOtherwise):
        making.make(seed="7")


def test_a_store_with_facts_is_not_empty_and_no_demo():
    given.record(given.version())
    for wanted in ({"empty": True}, {"seed": "7"}):
        with pytest.raises(making.NotEmpty):
            making.make(**wanted)


def test_an_older_store_is_said_to_be_one(monkeypatch):
    monkeypatch.setattr(making, "pending", lambda: ["ledger.0009_more"])
    with pytest.raises(store.NotMade):
        making.require()


def test_place_says_which_store():
    assert ("postgresql://" in making.place()) == (connection.vendor == "postgresql")


def test_an_older_store_is_brought_up(monkeypatch):
    done = []
    monkeypatch.setattr(making, "pending", lambda: ["ledger.0009_more"])
    monkeypatch.setattr(making, "call_command", lambda *command, **_options: done.append(command))
    making.make()
    assert done == [("migrate",)]


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        (errno.ENOSPC, store.DiskFull),
        (errno.EFBIG, store.DiskFull),
        (errno.EROFS, store.ReadOnly),
        (errno.EIO, store.Unreachable),
    ],
)
def test_what_a_file_can_not_do_is_said(number, refusal):
    assert type(store.refusal_of(OSError(number, "x"))) is refusal


def test_other_database_errors_are_not_hidden():
    with pytest.raises(DatabaseError), store.refusing(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")
    with pytest.raises(ValueError), store.refusing():
        raise ValueError


def test_one_server_at_a_time():
    held = store.hold_server_lock()
    with pytest.raises(store.SecondServer) as refused:
        store.hold_server_lock()
    import os

    assert str(os.getpid()) in refused.value.problems[0].message("en")
    held.close()
    store.hold_server_lock().close()


def test_instants_are_written_as_the_kernel_does():
    assert iso(NEW_YEAR) == instant.iso(NEW_YEAR) and queries.last_fact() == 0
