"""Who looks on while a load runs: the terminal, and a page where one was asked for."""

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from verify_harness.watch.feed import Feed
from verify_harness.watch.page_server import serving
from verify_harness.watch.status_line import Progress

Look = Callable[[Iterable[Path]], None]


@contextmanager
def watching(run_id: str, *, web_port: int | None, is_quiet: bool) -> Iterator[Look | None]:
    """What to call now and then with the parts of the journal; None where nobody looks on.

    Raises PortInUse where the page cannot be served.
    """
    if web_port is None and is_quiet:
        yield None
        return
    feed = Feed()
    with ExitStack() as stack:
        if web_port is not None:
            url = stack.enter_context(serving(feed, run_id, web_port))
            sys.stderr.write(f"live: {url}  (for Prometheus: {url}metrics)\n")
        stack.callback(feed.close)  # before the page goes: its readers are told
        tellers = [] if is_quiet else [_progress(feed)]
        for teller in tellers:
            stack.callback(teller.end)

        def look(parts: Iterable[Path]) -> None:
            feed.look(parts)
            for teller in tellers:
                teller.tell()

        yield look


def _progress(feed: Feed) -> Progress:
    rewrites = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    return Progress(
        feed, sys.stderr, rewrites=rewrites, width=lambda: shutil.get_terminal_size().columns
    )
