"""
Measures branch coverage of the kernel and of every module of rules, in one run; less than 100% is refused.

Run by `make coverage`. Measured: the kernel, `rules` of every module (a file or a folder), and the engines that are
rules throughout. A new module of rules is measured from the moment it exists. Plans are searched for by counted work, and
what a wall clock stops is tested with one that stops at once: so what is measured of them doesn't hang on the machine.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "luodi"
WHOLE = ("kernel", "assessment", "scheduling", "supervision/texts", "directory/names")
# Rules need no store; what a rule is asked by an act, a page or a paper is asked there once more.
TESTS = ("tests/unit", "tests/spec")
NOT_NEEDED = ("tests/unit/house",)


def measured() -> list[str]:
    """Give the patterns of the files that are measured, relative to the project's root."""
    rules = [path.relative_to(PACKAGE) for path in (*PACKAGE.rglob("rules"), *PACKAGE.rglob("rules.py"))]
    named = sorted(path for path in rules if "__pycache__" not in path.parts)
    patterns = [f"{path.as_posix()}/*" if path.suffix == "" else path.as_posix() for path in named]
    return [f"src/luodi/{pattern}" for pattern in (*(f"{folder}/*" for folder in WHOLE), *patterns)]


def main(arguments: list[str]) -> int:
    """Run the tests under coverage and print what they miss; `arguments` go to pytest."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "coverage.ini"
        listed = "".join(f"\n    {pattern}" for pattern in measured())
        settings.write_text(
            f"[run]\nbranch = true\nrelative_files = true\ndata_file = {folder}/data\ninclude ={listed}\n"
            "[report]\nshow_missing = true\nskip_covered = true\nskip_empty = true\nprecision = 2\nfail_under = 100\n",
            "utf-8",
        )
        ignored = [f"--ignore={path}" for path in NOT_NEEDED]
        command = ["-q", "-n", "2", "--dist", "loadgroup", "-m", "not long", f"--cov-config={settings}", "--cov"]
        return subprocess.call(  # noqa: S603  our own words, and what the caller of `make` added
            [sys.executable, "-m", "pytest", *command, *ignored, *(arguments or TESTS)], cwd=ROOT
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
