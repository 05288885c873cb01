"""The demo city of a real server process, for tests of all pages at once: `demo_site` gives its address, folder and pages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tools.screenshots import environment, served
from tools.walk import Stop, walk

SIZE = ("--projects", "40", "--months", "3")


@dataclass(frozen=True)
class Site:
    """A served demo city: where, the store's folder, every page with who sees it, and addresses that failed."""

    address: str
    home: Path
    stops: tuple[Stop, ...]
    broken: tuple[str, ...]


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Make and serve a small demo city, and walk all its pages."""
    home = tmp_path_factory.mktemp("demo") / "home"
    subprocess.run(
        [sys.executable, "-m", "luodi", "init", "--demo", *SIZE],
        env=environment(home), check=True, capture_output=True,
    )  # fmt: skip
    with served(home) as address:
        broken: list[str] = []
        yield Site(address, home, tuple(walk(address, broken=broken)), tuple(broken))
