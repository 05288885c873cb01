"""Copies what the pages load from node_modules into the package's static files. Run by the set-up; nothing of it is committed."""

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
ICONS = (
    "archive bar-chart-line bell box-arrow-right box-arrow-up-right building calendar3 camera check2-circle check-lg "
    "chevron-down chevron-right clipboard clipboard-check clock-history cloud-upload columns-gap copy crosshair diagram-3 "
    "download easel envelope exclamation-triangle eye eye-slash file-earmark-excel file-earmark-slides file-earmark-text "
    "file-earmark-word filter flag funnel gear geo-alt grid-3x3-gap hand-index house inbox info-circle journal-text kanban key link-45deg "
    "list list-check list-ol lock map megaphone moon people pencil pencil-square person person-badge pin-map plus-lg "
    "printer question-circle search send shield-check shield-lock signpost-split sliders speedometer2 stack table "
    "trash3 trophy unlock upload x-lg arrow-left-right arrow-repeat arrow-counterclockwise bank bullseye patch-check"
).split()


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
