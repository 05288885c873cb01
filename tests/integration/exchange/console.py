"""
The command line in a process and a store of its own, many commands one after another: a start for each would take minutes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

LOOP = """
import contextlib, io, json, sys
import click
from luodi.cli.main import main
for line in sys.stdin:
    out = io.StringIO()
    code = 0
    with contextlib.redirect_stdout(out):
        try:
            main(json.loads(line), standalone_mode=False)
        except SystemExit as left:
            code = left.code or 0
        except click.ClickException as wrong:
            code = wrong.exit_code
    print(json.dumps([code, out.getvalue()]), flush=True)
"""


class Console:
    """Runs `luodi` in a folder; answers are the JSON that the commands print."""

    def __init__(self, folder: Path, **environment: str) -> None:
        mine = {key: value for key, value in os.environ.items() if not key.startswith("LUODI_")}
        mine |= {"DJANGO_SETTINGS_MODULE": "luodi.server.settings", "LUODI_HOME": str(folder / "store"), **environment}
        self.errors = (folder / "stderr.txt").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-c", LOOP], cwd=folder, env=mine, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors
        )  # fmt: skip

    def run(self, *arguments: str, exit_code: int = 0) -> dict:
        """Run one command and give its answer; its exit code must be the one expected."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps([*arguments, "--format", "json"]) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, Path(self.errors.name).read_text()
        code, out = json.loads(line)
        assert code == exit_code, (arguments, code, out, Path(self.errors.name).read_text()[-2000:])
        return json.loads(out) if out else {}

    def follow(self, block: str, into: dict[str, list[dict]]) -> None:
        """Run the lines of a page's console block; `# exit 1` behind one says that it is refused."""
        for line in block.splitlines():
            command, _, wanted = line.removeprefix("$ ").partition("   # exit ")
            if command.startswith("luodi "):
                arguments = command.removeprefix("luodi ").replace("--format json ", "")
                into.setdefault(arguments, []).append(self.run(*arguments.split(), exit_code=int(wanted or 0)))

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()
        self.errors.close()
