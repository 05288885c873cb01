"""An import that is killed leaves the store as it was, or whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integration.exchange.console import Console

ROWS = 4000
DELAYS = (0.0, 0.3)  # seconds after it says that it writes


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("killed")
    (made / "units.csv").write_text("code,name,kind,valid_from\nH1,甲区,district,2020-01-01\n", "utf-8")
    lines = "".join(f"P{n},合成项目{n},H1,招商引资,2024-01-10\n" for n in range(ROWS))
    (made / "projects.csv").write_text("code,name,host,kind,valid_from\n" + lines, "utf-8")
    return made


def kill_while_writing(folder: Path, delay: float) -> None:
    """Start an import and kill it (SIGKILL) shortly after it begins to write."""
    mine = {key: value for key, value in os.environ.items() if not key.startswith("LUODI_")}
    mine |= {"DJANGO_SETTINGS_MODULE": "luodi.server.settings", "LUODI_HOME": str(folder / "store"), "LUODI_LANG": "en"}
    command = [str(Path(sys.executable).parent / "luodi"), "import", "projects", "projects.csv", "--history"]
    process = subprocess.Popen(
        command, cwd=folder, env=mine, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    for line in process.stderr:
        if line.startswith("Writing"):
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
            break
    process.wait(30)
    process.stderr.close()


def test_a_killed_import_is_all_or_nothing(folder):
    console = Console(folder)
    console.run("init")
    console.run("import", "units", "units.csv", "--history")
    facts = console.run("init")["facts"]
    for delay in DELAYS:
        kill_while_writing(folder, delay)
        assert console.run("init")["facts"] in (facts, facts + ROWS // 1000)
    answer = console.run("import", "projects", "projects.csv", "--history")
    assert answer["loaded"] + answer["unchanged"] == ROWS and answer["loaded"] in (0, ROWS)
    assert console.run("init")["facts"] == facts + ROWS // 1000
    console.run("verify")
    console.close()
