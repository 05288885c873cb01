"""
Commands run as processes of their own, started from a server that has the large libraries loaded already: a fresh
interpreter takes a second to load them, and these tests run a hundred commands. Settings and environment are each one's own.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from pathlib import Path

PRELOADED = [
    "django.db.models", "django.forms", "django.http", "django.urls", "django.core.management", "django.db.migrations.executor",
    "django.db.backends.sqlite3.base", "psycopg", "rich.console", "rich.table", "pydantic", "yaml", "orjson", "luodi.cli.main",
    "luodi.kernel.problem", "luodi.kernel.yamltext", "duckdb", "pyarrow.parquet", "rapidfuzz.fuzz", "opencc",
]  # fmt: skip
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(PRELOADED)


def run(arguments, environment, timeout=120, **limits):
    """Run `luodi ARGUMENTS`; give exit code, what it said and what it complained of."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = SERVER.Process(target=_luodi, args=(arguments, environment, str(out), str(err), limits))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
        return process.exitcode, out.read_text("utf-8"), err.read_text("utf-8")


def _luodi(arguments, environment, out, err, limits):
    _become(environment, limits)
    for path, descriptor in ((out, 1), (err, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), descriptor)
    sys.argv = ["luodi", *arguments]
    from luodi.cli.main import main

    main()


def _become(environment, limits):
    """Take on an environment of one's own, and what the test takes away: room on the disk, rights."""
    os.environ.clear()
    os.environ.update(environment)
    if "file_size" in limits:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (limits["file_size"], limits["file_size"]))
    if "folder" in limits:
        os.chdir(limits["folder"])
    if "mortal" in limits:
        _give_up_the_right_to_write_anything()


def _give_up_the_right_to_write_anything():
    """Let modes of files bind even root, whom they otherwise don't: drop CAP_DAC_OVERRIDE."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, data) == 0
    data[0] &= ~0b10
    assert libc.capset(header, data) == 0


class Work:
    """A process that works on a store (see work.py): ready when made, it begins when told, and can be killed meanwhile."""

    def __init__(self, environment, what, *arguments, **limits):
        self.ours, theirs = SERVER.Pipe()
        self.process = SERVER.Process(target=_work, args=(theirs, environment, what, arguments, limits))
        self.process.start()
        theirs.close()
        assert self.hear(300) == "ready"

    def begin(self):
        self.ours.send("go")

    def hear(self, timeout=120):
        assert self.ours.poll(timeout), "nothing was said"
        return self.ours.recv()

    def finish(self):
        """Wait for its answer and its end."""
        answer = self.hear(900)
        self.process.join(60)
        assert self.process.exitcode == 0
        return answer

    def kill(self):
        """End it at once, as `kill -9` does; tell whether it was still at work."""
        self.process.kill()
        self.process.join(60)
        return self.process.exitcode != 0


def _work(pipe, environment, what, arguments, limits):
    _become(environment, limits)
    os.environ["DJANGO_SETTINGS_MODULE"] = "luodi.server.settings"
    import django

    django.setup()
    from tests.integration.ledger import work

    pipe.send("ready")
    pipe.recv()
    work.PIPE = pipe
    pipe.send(getattr(work, what)(*arguments))
