"""
Guards of the facts: triggers by which the database itself refuses update, delete, replacement and truncation.

They can be taken off by whoever owns the database, so they are looked for at start and by `luodi verify`, and put back
after each migration. Proof against the owner is the seal kept elsewhere, not the guard.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

TABLE = "ledger_fact"
SAID = "luodi: facts are only appended"
REFUSES = f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"

# INSERT OR REPLACE deletes without firing DELETE triggers unless a connection asks for it, so an insertion has to be
# newer than everything there; a given rowid could replace a row as well.
SQLITE = {
    "ledger_fact_no_update": f"CREATE TRIGGER ledger_fact_no_update BEFORE UPDATE ON {TABLE} {REFUSES}",
    "ledger_fact_no_delete": f"CREATE TRIGGER ledger_fact_no_delete BEFORE DELETE ON {TABLE} {REFUSES}",
    "ledger_fact_only_newer": f"""CREATE TRIGGER ledger_fact_only_newer BEFORE INSERT ON {TABLE}
WHEN NEW.id <= (SELECT max(id) FROM {TABLE}) OR NEW.recorded_at <= (SELECT max(recorded_at) FROM {TABLE})
  OR EXISTS (SELECT 1 FROM {TABLE} WHERE rowid = NEW.rowid)
{REFUSES}""",
}

BODY = f" BEGIN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'restrict_violation'; END "
REFUSING = f"CREATE OR REPLACE FUNCTION luodi_refuse() RETURNS trigger LANGUAGE plpgsql AS $${BODY}$$"
# name -> (PostgreSQL's number for what it fires on, which no renamed or narrowed trigger has; its words)
POSTGRESQL = {
    "ledger_fact_no_change": (27, f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION luodi_refuse()"),
    "ledger_fact_no_truncation": (34, f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION luodi_refuse()"),
}


def put_after_migration(**_signal: Any) -> None:
    """Put the guards on, whatever stood there before."""
    put()


def put() -> None:
    """Put every guard on anew, with today's words."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(REFUSING)
            for name, (_number, what) in POSTGRESQL.items():
                cursor.execute(f"CREATE OR REPLACE TRIGGER {name} {what}")
                # ALWAYS: also in a session that plays a replica, which skips ordinary triggers.
                cursor.execute(f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {name}")
            return
        for name, statement in SQLITE.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(statement)


def missing() -> list[str]:
    """Name the guards that are not there, are switched off, or say something else."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT t.tgname, t.tgtype FROM pg_trigger t "
                "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
                "WHERE c.relname = %s AND c.relnamespace = current_schema()::regnamespace AND t.tgenabled = 'A' "
                "AND t.tgqual IS NULL AND t.tgattr = ''::int2vector AND p.prosrc = %s",
                [TABLE, BODY],
            )
            there = dict(cursor.fetchall())
            return sorted(name for name, (number, _what) in POSTGRESQL.items() if there.get(name) != number)
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        found = dict(cursor.fetchall())
    return sorted(name for name, statement in SQLITE.items() if found.get(name) != statement)
