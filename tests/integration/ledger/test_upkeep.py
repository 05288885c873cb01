"""Verifying and backing up when asked, and what is remembered of it."""

from __future__ import annotations

import pytest

from luodi.ledger import upkeep
from tests import city


@pytest.mark.django_db(transaction=True)
def test_a_backup_goes_to_the_store_s_folder_and_old_ones_go(tmp_path, settings):
    settings.HOME = tmp_path
    city.make(people=False)
    folder = tmp_path / "backups"
    folder.mkdir()
    for n in range(upkeep.KEPT):
        (folder / f"luodi-20200101-00000{n}.tar").write_bytes(b"old")
    upkeep.ask_for(upkeep.BACKED_UP, by="sysadmin")
    assert upkeep.work_off() == 1
    last = upkeep.last(upkeep.BACKED_UP)
    assert (last["by"], last["facts"] > 0, (folder / last["file"]).stat().st_size) == ("sysadmin", True, last["bytes"])
    assert len(list(folder.glob("*.tar"))) == upkeep.KEPT
    assert not (folder / "luodi-20200101-000000.tar").exists()


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_can_t_be_made_is_said(tmp_path, settings):
    settings.HOME = tmp_path
    city.make(people=False)
    (tmp_path / "backups").write_text("a file where the folder should be")
    upkeep.ask_for(upkeep.BACKED_UP, by="sysadmin")
    assert upkeep.work_off() == 1
    last = upkeep.last(upkeep.BACKED_UP)
    assert (last["problems"], last["error"]) == (1, "ledger.store.unreachable")
    assert upkeep.waiting() == []
