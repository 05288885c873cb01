"""`luodi up`: bring the store up to date, then serve pages, API and background work in one process."""

from __future__ import annotations

import os
import signal
import threading

import click

from luodi.cli import background
from luodi.cli.output import notice, print_problems


@click.command()
@click.option("--port", default=8000, show_default=True, help="Where to listen.")
@click.option("--host", default="127.0.0.1", show_default=True, envvar="LUODI_HOST", help="Which address to listen on.")
@click.option("--threads", default=8, show_default=True, help="How many requests at once.")
def up(port: int, host: str, threads: int) -> None:
    """Migrate, then serve web and background worker in one go."""
    from luodi.cli import acting
    from luodi.kernel.problem import Refused

    try:
        acting.start()
        from luodi.codebook import queries as codebook
        from luodi.ledger import making

        codebook.profile()  # a city without rules is not served
        making.make()
        go_on_from_where_it_ended()
        serve(port=port, host=host, threads=threads)
    except Refused as refusal:
        print_problems(refusal.problems, "table")
        raise SystemExit(1) from None


def serve(*, port: int, host: str, threads: int) -> None:
    """Hold the store's server lock, gather static files, start the worker, and serve until told to stop."""
    from django.core.management import call_command
    from waitress.server import create_server

    from luodi.ledger import store

    with store.hold_server_lock():
        call_command("collectstatic", interactive=False, verbosity=0)
        from luodi.server.wsgi import application  # looks for the static files when it starts: after they are there

        try:
            server = create_server(application, host=host, port=port, threads=threads, ident=None)
        except OSError as error:
            notice(f"{host}:{port}: {error.strerror}. 换一个端口：luodi up --port 8001 / try another port.")
            raise SystemExit(1) from None
        stopping = threading.Event()
        worker = threading.Thread(target=work, args=(stopping,), name="worker", daemon=True)
        worker.start()
        others = background.start(stopping)

        def stop(*_: object) -> None:
            stopping.set()
            server.close()

        signal.signal(signal.SIGTERM, stop)
        greet(host, port)
        try:
            server.run()
        except KeyboardInterrupt:
            pass
        except OSError:  # the listening socket was closed by `stop`
            if not stopping.is_set():
                raise
        finally:
            stopping.set()
            for thread in (worker, *others):
                thread.join(timeout=10)


def go_on_from_where_it_ended() -> None:
    """Let a synthetic city live at its own today: its clock goes on from its last fact, however long nobody looked."""
    from luodi.ledger import clock, queries, store

    if store.nature().synthetic:
        last = queries.fact(queries.last_fact())
        ended = store.notes().get("demo_ended_at")
        if last is not None:
            clock.run(max(last.at, int(ended or 0)))


def work(stopping: threading.Event) -> None:
    """Do what needs no person, again and again: bring the snapshot up to the ledger."""
    from django.db import close_old_connections, connection

    from luodi.indicators import snapshot
    from luodi.kernel.problem import Refused

    while not stopping.is_set():
        try:
            snapshot.refresh()
        except Refused as refusal:
            notice(f"snapshot: {refusal}")
        finally:
            close_old_connections()
        stopping.wait(float(os.environ.get("LUODI_WORK_EVERY", "5")))
    connection.close()


def greet(host: str, port: int) -> None:
    """Say where to look and how to sign in: the last line."""
    from luodi.ledger import store

    where = f"http://{host}:{port}/"
    if store.nature().synthetic:
        click.echo(f"落地 luodi: {where}  演示账号 demo accounts: leader county centre … 密码 password: luodi-demo")
    else:
        click.echo(f"落地 luodi: {where}")
