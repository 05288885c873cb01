"""
Writes the Word templates that a profile starts from (GB/T 9704): python tools/paper_templates.py [FOLDER].

An office then changes words and layout in Word or WPS; run it again only to begin anew, since it overwrites.
"""

from __future__ import annotations

import sys
from pathlib import Path

from luodi.documents.layout import LAYOUTS

SHIPPED = Path(__file__).parent.parent / "src" / "luodi" / "codebook" / "profiles" / "yunling" / "papers"


def main(folder: Path = SHIPPED) -> None:
    """Write one template for each kind of Word paper."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, layout in LAYOUTS.items():
        layout().save(str(folder / f"{kind}.docx"))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
