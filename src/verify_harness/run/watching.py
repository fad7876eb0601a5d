"""Who looks on while a load runs: the terminal; a page and a collector where one is named."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from verify_harness.progress_bar import columns_of
from verify_harness.run.plan import Load
from verify_harness.safety.addresses import is_loopback
from verify_harness.watch.dashboard import Dashboard
from verify_harness.watch.feed import Feed
from verify_harness.watch.page_server import serving
from verify_harness.watch.status_line import StatusLines

Look = Callable[[Iterable[Path]], None]


@contextmanager
def watching(
    run_id: str, target: str, load: Load | None, *, is_quiet: bool
) -> Iterator[Look | None]:
    """What to call now and then with the parts of the journal; None where nobody looks on.

    Raises PortInUse or UsageError where the page cannot be served.
    """
    page, otlp = (load.web, load.otlp) if load else (None, None)
    if page is None and otlp is None and is_quiet:
        yield None
        return
    feed = Feed()
    with ExitStack() as stack:
        if page is not None:
            url = stack.enter_context(serving(feed, run_id, page.port, page.bind))
            sys.stderr.write(f"live: {url}  (for Prometheus: {url}metrics)\n")
            if not is_loopback(page.bind):
                sys.stderr.write(f"warning: other machines can read the page at {page.bind}\n")
        if otlp is not None:
            from verify_harness.watch.otlp import exporting  # noqa: PLC0415 - an extra

            stack.enter_context(exporting(feed, run_id, target, otlp, _say))
        stack.callback(feed.close)  # before the page goes: its readers are told
        tellers = [] if is_quiet else [_teller(feed)]
        for teller in tellers:
            stack.callback(teller.end)

        def look(parts: Iterable[Path]) -> None:
            feed.look(parts)
            for teller in tellers:
                teller.tell()

        yield look


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _teller(feed: Feed) -> Dashboard | StatusLines:
    if columns_of(sys.stderr) is None:
        return StatusLines(feed, sys.stderr)
    return Dashboard(feed, sys.stderr)
