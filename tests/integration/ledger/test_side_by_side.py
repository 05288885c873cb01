"""Real writers side by side on PostgreSQL, with a reader of the tail and a sealer among them: nothing missed, nothing twice."""

WRITERS, ACTS = 6, 40


def test_no_fact_is_missed_and_none_comes_twice(postgresql):
    writers_readers_and_sealer(postgresql, WRITERS, ACTS)


def writers_readers_and_sealer(store, writers, acts, months=4, pause=0.2):
    """Let them all go at once; then the ledger holds exactly what the writers were told, under seals that cover it all."""
    wanted = [store.work("write", f"w{n}", acts) for n in range(writers)]
    followers = [store.work("follow", sum_of(writers, acts)) for _ in range(2)]
    sealer = store.work("seal", 2024, months, pause)
    for process in (*followers, *wanted, sealer):
        process.begin()
    given = [fact for process in wanted for fact in process.finish()]
    throughs = sealer.finish()
    assert [process.finish() for process in followers] == [len(given)] * 2
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


def test_a_repeatable_read_transaction_may_not_write(postgresql):
    postgresql.extra = {
        "LUODI_DATABASE_URL": f"{postgresql.url}{'&' if '?' in postgresql.url else '?'}options=-cdefault_transaction_isolation=serializable"
    }
    assert postgresql.done("try_write_hastily") == ["ledger.store.isolation"]
