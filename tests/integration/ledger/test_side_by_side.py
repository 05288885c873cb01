"""Real writers side by side on PostgreSQL, readers of the tail, a sealer and the snapshot among them: nothing missed, nothing twice."""

import os

import pytest

from tests.integration.ledger.conftest import Store, new_database

WRITERS, ACTS = 6, 40


def test_no_fact_is_missed_and_none_comes_twice(postgresql):
    writers_readers_and_sealer(postgresql, WRITERS, ACTS)


def writers_readers_and_sealer(store, writers, acts, months=4, pause=0.2, refreshed=1):
    """Let them all go at once; then the ledger holds exactly what the writers were told, under seals that cover it all."""
    wanted = [store.work("write", f"w{n}", acts) for n in range(writers)]
    followers = [store.work("follow", sum_of(writers, acts)) for _ in range(2)]
    sealer = store.work("seal", 2024, months, pause)
    mirror = store.work("mirror", sum_of(writers, acts))
    for process in (*followers, mirror, *wanted, sealer):
        process.begin()
    given = [fact for process in wanted for fact in process.finish()]
    throughs = sealer.finish()
    assert [process.finish() for process in followers] == [len(given)] * 2
    assert mirror.finish() >= refreshed  # so often did the snapshot grow among them
    assert store.done("mirrored") == len(given)
    assert len(set(given)) == len(given) == sum_of(writers, acts)
    assert throughs == sorted(throughs)
    assert store.done("seal_next") == len(given) + months
    report = store.luodi("verify")
    assert report["whole"], report["problems"][:3]
    assert (report["facts"], report["unsealed"], report["seals"]) == (len(given) + months + 1, 1, months + 1)


def sum_of(writers, acts):
    """Count the facts that `work.write` makes: each writer's chances are seeded by its name."""
    import random

    total = 0
    for n in range(writers):
        chance = random.Random(f"w{n}")
        total += sum(chance.choice([1, 1, 1, 5]) for _ in range(acts))
    return total


def test_two_who_seal_the_same_month_at_once(postgresql):
    postgresql.done("write", "w", 10)
    both = [postgresql.work("try_seal", "2024-01") for _ in range(2)]
    for one in both:
        one.begin()
    answers = sorted((one.finish() for one in both), key=str)
    assert answers[1] == ["ledger.seal.exists"] or answers[0] == ["ledger.seal.exists"]
    report = postgresql.luodi("verify")
    assert report["whole"] and report["seals"] == 1


def test_two_who_accept_the_same_thing_at_once(store):
    """What an act relied on is looked at again under the lock: of two at once, one is told."""
    both = [store.work("take_once", f"p{n}") for n in range(2)]
    for one in both:
        one.begin()
    assert sorted(one.finish() for one in both) == ["taken", "told"]


@pytest.fixture
def a_signed_return(request, tmp_path):
    """Give a store of its own with a small city, on the engine of this run."""
    on_postgresql = os.environ.get("LUODI_TEST_STORE") == "postgresql"
    url = new_database(request.getfixturevalue("postgresql_server")) if on_postgresql else None
    (tmp_path / "city").mkdir()
    made = Store(tmp_path / "city", url)
    assert made.done("sign_a_return")
    return made


def both_at_once(store, what, *arguments):
    """Let two do the same after both have looked: the lock is kept from them until they stand at the door."""
    both = [store.work(what, *arguments) for _ in range(2)]
    holder = store.work("hold", 1.5)
    holder.begin()
    assert holder.hear() == "held"
    for one in both:
        one.begin()
    assert holder.finish() == "ended"
    return sorted((one.finish() for one in both), key=str)


def test_two_who_submit_and_two_who_accept_one_return_at_once(a_signed_return):
    submission, told = both_at_once(a_signed_return, "submit_it")
    assert told == ["filing.already_submitted"] and a_signed_return.done("returns") == 1
    step, told = both_at_once(a_signed_return, "accept_it", submission)
    assert step == 1 and told and all(code.startswith("filing.") for code in told), told
    assert a_signed_return.done("judgements_of", submission) == [("checked", 0)]
    assert a_signed_return.luodi("verify")["whole"]


def test_a_repeatable_read_transaction_may_not_write(postgresql):
    postgresql.extra = {
        "LUODI_DATABASE_URL": f"{postgresql.url}{'&' if '?' in postgresql.url else '?'}options=-cdefault_transaction_isolation=serializable"
    }
    assert postgresql.done("try_write_hastily") == ["ledger.store.isolation"]
