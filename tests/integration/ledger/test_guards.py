"""The database itself refuses every way of changing a fact, whoever asks."""

import pytest
from django.db import DatabaseError, connection, transaction

from luodi.ledger import guards, making, models
from tests.integration.ledger import given

pytestmark = pytest.mark.django_db

COPY = "id, name, version, recorded_at, actor, subject, import_id, body, leaf"
WAYS = [
    "UPDATE ledger_fact SET subject = 'x'",
    "UPDATE ledger_fact SET id = 77 WHERE id = 1",
    "DELETE FROM ledger_fact WHERE id = 2",
    f"INSERT INTO ledger_fact ({COPY}) SELECT {COPY} FROM ledger_fact WHERE id = 1 ON CONFLICT (id) DO UPDATE SET subject = 'x'",
]
SQLITE_WAYS = [
    f"INSERT OR REPLACE INTO ledger_fact ({COPY}) SELECT id, 'x', 1, recorded_at + 100, '', '', '', body, leaf FROM ledger_fact WHERE id = 1",
    f"REPLACE INTO ledger_fact ({COPY}) SELECT 9, 'x', 1, recorded_at, '', '', '', body, leaf FROM ledger_fact WHERE id = 1",
    f"INSERT OR REPLACE INTO ledger_fact (rowid, {COPY}) SELECT rowid, 9, 'x', 1, recorded_at + 100000000, '', '', '', body, leaf FROM ledger_fact WHERE id = 1",
    "UPDATE OR REPLACE ledger_fact SET id = 2 WHERE id = 1",
    f"INSERT INTO ledger_fact ({COPY}) SELECT 0, 'x', 1, recorded_at + 100000000, '', '', '', body, leaf FROM ledger_fact WHERE id = 1",
]
POSTGRESQL_WAYS = [
    "TRUNCATE ledger_fact",
    "TRUNCATE ledger_fact CASCADE",
    "SET LOCAL session_replication_role = replica; DELETE FROM ledger_fact",
]


def ways():
    return WAYS + (POSTGRESQL_WAYS if connection.vendor == "postgresql" else SQLITE_WAYS)


def execute(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("n", range(max(len(WAYS) + len(SQLITE_WAYS), len(WAYS) + len(POSTGRESQL_WAYS))))
def test_no_way_to_change_a_fact(n):
    if n >= len(ways()):
        return  # the other database has more ways
    given.record(given.version("P1"), given.version("P2"))
    before = list(models.Fact.objects.order_by("id").values_list())
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # as any other program would open the file
            cursor.execute("PRAGMA recursive_triggers = OFF")
    with pytest.raises(DatabaseError, match="facts are only appended"):
        execute(ways()[n])
    assert list(models.Fact.objects.order_by("id").values_list()) == before


def test_guards_are_there_and_are_put_back():
    assert guards.missing() == []
    names = guards.POSTGRESQL if connection.vendor == "postgresql" else guards.SQLITE
    on = " ON ledger_fact" if connection.vendor == "postgresql" else ""
    for name in names:
        execute(f"DROP TRIGGER {name}{on}")
    assert guards.missing() == sorted(names)
    with pytest.raises(making.GuardsMissing) as refused:
        making.require()
    assert sorted(names)[0] in refused.value.problems[0].message("en")
    guards.put_after_migration()
    assert guards.missing() == []
    making.require()


def test_a_guard_that_says_something_else_is_missing():
    if connection.vendor == "postgresql":
        weakened = [
            "CREATE OR REPLACE FUNCTION luodi_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
            "ALTER TABLE ledger_fact DISABLE TRIGGER ledger_fact_no_change",
            "CREATE OR REPLACE TRIGGER ledger_fact_no_change BEFORE UPDATE ON ledger_fact FOR EACH ROW EXECUTE FUNCTION luodi_refuse()",
            "CREATE OR REPLACE TRIGGER ledger_fact_no_change BEFORE UPDATE OR DELETE ON ledger_fact FOR EACH ROW WHEN (false) EXECUTE FUNCTION luodi_refuse()",
        ]
    else:
        weakened = [
            "DROP TRIGGER ledger_fact_no_update; CREATE TRIGGER ledger_fact_no_update BEFORE UPDATE ON ledger_fact WHEN 0 BEGIN SELECT 1; END"
        ]
    for statements in weakened:
        for statement in statements.split("; CREATE TRIGGER") if connection.vendor == "sqlite" else [statements]:
            execute(statement if statement.startswith(("DROP", "ALTER", "CREATE")) else "CREATE TRIGGER" + statement)
        assert guards.missing(), statements
        guards.put()
        assert guards.missing() == []
