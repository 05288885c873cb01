"""Copies what the pages load from node_modules into static files. Run by the set-up; nothing of it is committed."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "node_modules"
TARGET = ROOT / "src" / "luodi" / "web" / "static" / "vendor"

# One line a file: what it is for stands in pyproject's twin, package.json.
FILES = (
    "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js",
    "htmx.org/dist/htmx.min.js",
    "echarts/dist/echarts.min.js",
    "jspreadsheet-ce/dist/index.js",
    "jspreadsheet-ce/dist/jspreadsheet.css",
    "jsuites/dist/jsuites.js",
    "jsuites/dist/jsuites.css",
)

# The few drawings the pages use, gathered into one small sprite (the whole set is a megabyte).
ICONS = (Path(__file__).parent / "icons.txt").read_text("utf-8").split()


def sprite() -> str:
    """Gather the drawings into one SVG of symbols."""
    symbols = []
    for name in ICONS:
        drawing = (SOURCE / "bootstrap-icons" / "icons" / f"{name}.svg").read_text("utf-8")
        inside = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")].strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{inside}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>"


def main() -> None:
    shutil.rmtree(TARGET, ignore_errors=True)
    for file in FILES:
        package = file.split("/", 1)[0]
        target = TARGET / package / Path(file).name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SOURCE / file, target)
        for notice in ("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE"):
            if (SOURCE / package / notice).exists():
                shutil.copyfile(SOURCE / package / notice, target.parent / notice)
    (TARGET / "icons.svg").write_text(sprite(), "utf-8")


if __name__ == "__main__":
    main()
