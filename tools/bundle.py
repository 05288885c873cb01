"""Makes one archive that installs luodi on a machine with no network: the wheel, every wheel it needs, a script."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build" / "luodi-bundle"
OUT = ROOT / "dist" / "luodi-bundle.tar.gz"

INSTALL = """#!/bin/sh
# Installs luodi from this folder alone, without a network: ./install.sh [FOLDER]   (default: ./luodi)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-luodi}
python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Python 3.11 is needed (the wheels are for it)." >&2; exit 1; }
python3 -m venv "$target"
"$target/bin/python" -m pip install -q --no-index --find-links "$here/wheels" --require-hashes -r "$here/requirements.txt"
"$target/bin/python" -m pip install -q --no-index --no-deps "$here"/luodi-*.whl
echo "Installed. Start with: LUODI_HOME=/path/to/store $target/bin/luodi up"
"""


def run(*command: str) -> None:
    subprocess.run([sys.executable, "-m", *command], check=True, cwd=ROOT)  # noqa: S603


def main() -> None:
    shutil.rmtree(BUILD, ignore_errors=True)
    (BUILD / "wheels").mkdir(parents=True)
    run("pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(BUILD), ".")
    lock = ROOT / "requirements" / "base.txt"
    run(
        "pip",
        "download",
        "-q",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "-r",
        str(lock),
        "-d",
        str(BUILD / "wheels"),
    )
    shutil.copyfile(lock, BUILD / "requirements.txt")
    (BUILD / "install.sh").write_text(INSTALL, "utf-8")
    (BUILD / "install.sh").chmod(0o755)
    OUT.parent.mkdir(exist_ok=True)
    with tarfile.open(OUT, "w:gz", compresslevel=1) as archive:  # nearly all of it is wheels, packed already
        archive.add(BUILD, "luodi-bundle")
    print(f"{OUT.relative_to(ROOT)}: {OUT.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
