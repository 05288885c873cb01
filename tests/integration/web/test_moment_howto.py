"""What docs/howto/filing.md and moment-forms.md promise, held against the program: the piece of profile, the address, the words."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from django.test import Client

from luodi.codebook.load import SHIPPED, load_profile
from luodi.kernel.problem import words
from luodi.web.models import Account
from tests import city

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAID = {
    "filing": [
        "filing.book",
        "filing.split",
        "filing.split_do",
        "filing.merge",
        "filing.marked",
        "filing.theirs",
        "filing.mine",
        "filing.sheet",
        "filing.attach",
        "filing.detach",
    ],
    "moment-forms": [
        "menu.moment_forms",
        "moment.new",
        "moment.remind",
        "moment.copy_late",
        "moment.make_regular",
        "moment.list_title",
        "moment.send",
        "moment.file",
    ],
}


@pytest.mark.parametrize("page", SAID)
def test_the_page_names_buttons_as_they_are(page: str, root: Path):
    text = (root / f"docs/howto/{page}.md").read_text("utf-8")
    for code in SAID[page]:
        label = words(code, "zh", count="").split("（")[0]
        assert label in text, f"{code}: {label}"


def test_the_piece_of_profile_on_the_page_is_one_that_the_profile_takes(root: Path, tmp_path: Path):
    (piece,) = (
        text
        for language, text in BLOCK.findall((root / "docs/howto/moment-forms.md").read_text("utf-8"))
        if language == "yaml"
    )
    folder = tmp_path / "profile"
    shutil.copytree(SHIPPED, folder)
    (folder / "99-moment.yaml").write_text(piece, "utf-8")
    assert load_profile(folder).forms[-1].zh == "用工保障情况表"


@pytest.mark.django_db
def test_the_address_on_the_page_is_the_list(root: Path):
    city.make()
    city.project("P1")
    Account.objects.create_account(login="centre", person="centre", password=None)
    client = Client()
    client.force_login(Account.objects.get(login="centre"), backend="django.contrib.auth.backends.ModelBackend")
    (address,) = re.findall(r"`(/moment/list/\S+)`", (root / "docs/howto/moment-forms.md").read_text("utf-8"))
    table = client.get(address).context["table"]
    assert [(head.label, head.unit) for head in table.heads] == [("项目名称", ""), ("属地", ""), ("总投资", "亿元")]
    assert len(table.lines) == 1
