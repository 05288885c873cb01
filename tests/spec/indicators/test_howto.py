"""The how-to page is followed: its indicator and its function are added to a copy of the profile, and computed."""

from __future__ import annotations

import re
import shutil
import sys
import types
from fractions import Fraction
from pathlib import Path

import pytest

from luodi.codebook import queries as codebook
from luodi.codebook.load import SHIPPED
from luodi.indicators import queries
from luodi.ledger import making
from tests.slowcounter import filing
from tests.spec.indicators.test_tables import city_of

DRAWN = {
    "projects": """
      项目编号 | 属地 | 项目类型 | 资金来源地 | 总投资 | 起始日期
      P1 | 东区 | 招商引资 | 境外 | 600000 | 2024-01-01
      P2 | 东区 | 招商引资 | 省外 | 900000 | 2024-01-01
    """,
    "stages": """
      项目编号 | 阶段 | 发生日期
      P1 | 签约 | 2024-01-05
      P2 | 签约 | 2024-01-05
    """,
}
BIG = """
  - id: big_amount
    zh: 大项目总投资
    en: investment of big projects
    unit: money
    kind: python
    function: followed_howto:name
    additive: true
"""


@pytest.mark.django_db(transaction=True)
def test_an_indicator_is_added_by_editing_the_profile(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (root / "docs" / "howto" / "indicators.md").read_text("utf-8")
    (added,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    shutil.copytree(SHIPPED, tmp_path / "profile")
    (file,) = (tmp_path / "profile").glob("*indicators.yaml")
    file.write_text(file.read_text("utf-8") + "\n" + added + BIG, "utf-8")
    module = types.ModuleType("followed_howto")
    exec(code, module.__dict__)
    monkeypatch.setitem(sys.modules, "followed_howto", module)
    making.make(seed="1")
    filing.file_city(city_of(DRAWN))
    asked = {"period": "2024-03", "indicators": ["signed_from_abroad", "signed_from_abroad_yoy", "big_amount"]}
    found = queries.compute(**asked, profile=codebook.profile(tmp_path / "profile"))
    assert found.value("signed_from_abroad", "YL") == Fraction(6_000_000_000)
    assert found.value("signed_from_abroad_yoy", "YL") is None
    assert found.value("big_amount", "YL") == 15_000_000_000
    traced = queries.trace(
        indicator="signed_from_abroad", period="2024-03", unit="D1", profile=codebook.profile(tmp_path / "profile")
    )
    assert [line.subject for line in traced.lines] == ["P1"]
