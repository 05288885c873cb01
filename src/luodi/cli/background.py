"""
What `luodi up` does without being asked, each in a thread of its own, so that a slow gateway holds up no import and no snapshot:
telling people what they should know, working off uploaded tables, verifying and backing up when asked.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


def start(stopping: threading.Event) -> list[threading.Thread]:
    """Start the threads; they end at the next pause after `stopping` is set."""
    threads = [threading.Thread(target=again, args=(turn, stopping), name=turn.__name__, daemon=True) for turn in TURNS]
    for thread in threads:
        thread.start()
    return threads


def again(turn: Callable[[], object], stopping: threading.Event) -> None:
    """Take one turn after another. What fails is logged and tried again: this thread must outlive a bad hour."""
    from django.db import close_old_connections, connection

    from luodi.kernel.problem import Refused

    while not stopping.is_set():
        try:
            turn()
        except Refused as refusal:
            log.warning("%s: %s", turn.__name__, refusal)
        except Exception:
            log.exception("%s failed and will be tried again", turn.__name__)
        finally:
            close_old_connections()
        stopping.wait(float(os.environ.get("LUODI_WORK_EVERY", "5")))
    connection.close()


def tell_people() -> object:
    """Look for what people should know, and send what is due."""
    from luodi.ledger import clock
    from luodi.notices import sending

    return sending.tick(now=clock.now(), today=clock.today())


def work_off_imports() -> object:
    """Check or load the uploaded tables that wait."""
    from luodi.exchange import jobs
    from luodi.ledger import clock

    return jobs.work_off(now=clock.now, today=clock.today)


def keep_house() -> object:
    """Verify the ledger or back the store up, when an administrator asked for it."""
    from luodi.ledger import upkeep

    return upkeep.work_off()


TURNS: tuple[Callable[[], object], ...] = (tell_people, work_off_imports, keep_house)
