"""Papers rendered with LibreOffice and read back from the picture of their pages: what an office would see."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from pathlib import Path

import pdfplumber
import pytest

from luodi.documents import actions
from tests import city
from tests.integration.documents import town

pytestmark = [pytest.mark.django_db, pytest.mark.documents]
CENTRE = city.actor("centre", "YLD02")
MM = 72 / 25.4


def rendered(folder: Path, kind: str, **given: object) -> pdfplumber.PDF:
    """Make a paper and turn it into pages."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    assert office, "LibreOffice is needed: run the set-up"
    out = folder / f"paper{actions.suffix_of(kind)}"
    actions.make_paper(kind=kind, period="2025-05", actor=CENTRE, today=town.TODAY, out=out, **given)
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(out)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return pdfplumber.open(folder / "paper.pdf")


def words(page) -> str:
    return "".join((page.extract_text() or "").split())


@pytest.mark.parametrize(("kind", "most"), [("notice", 4), ("brief", 2)])
def test_a_clean_edition_is_one_or_two_sheets_of_a4(tmp_path, kind, most):
    town.make()
    town.seal()
    with rendered(tmp_path, kind) as pages:
        assert 1 <= len(pages.pages) <= most
        for n, page in enumerate(pages.pages, start=1):
            assert (round(page.width / MM), round(page.height / MM)) == (210, 297)
            assert "演示数据" in words(page)
            assert f"—{n}—" in words(page)
        assert "部门调度数据，不作为法定统计数据" in "".join(words(page) for page in pages.pages)


def test_lines_of_a_notice_stand_inside_the_text_area_22_to_a_page(tmp_path):
    town.make()
    town.seal()
    with rendered(tmp_path, "notice") as pages:
        first = pages.pages[0]
        body = [char for char in first.chars if abs(char["size"] - 16) < 0.1]
        assert min(char["x0"] for char in body) >= 28 * MM - 1
        assert max(char["x1"] for char in body) <= (210 - 26) * MM + 1
        tops = sorted({round(char["top"], 1) for char in body if char["text"].strip() and ord(char["text"]) > 0x2E80})
        steps = [after - before for before, after in itertools.pairwise(tops) if after - before > 5]
        assert min(steps) == pytest.approx(28.95, abs=0.2)
        title = [char for char in first.chars if abs(char["size"] - 22) < 0.1]
        assert title


def test_a_flash_and_a_checking_edition_render(tmp_path):
    town.make()
    with rendered(tmp_path, "notice", edition="flash", checking=True) as pages:
        text = "".join(words(page) for page in pages.pages)
        assert "已报1张" in text
        assert "核对信息：本期未封账" in text
    town.seal()
    for kind in ("table", "wall"):
        with rendered(tmp_path, kind, checking=True) as pages:
            assert all("演示数据" in words(page) for page in pages.pages)
