"""histograms.ndjson: the latencies of a load run by second and step, for programs.

Derived from the journal like every report. The journal tells each process and channel apart; here
they are added up.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from operator import itemgetter

from verify_harness.journal import Entry
from verify_harness.journal.records import LoadSecond
from verify_harness.report.renderers import extract
from verify_harness.results.histograms import BROKEN_HISTOGRAM, empty

FILE = "histograms.ndjson"


@extract("histograms")
def histogram_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """One line a second and step: `second`, `step`, `requests` and two histograms.

    `service` counts from the sending, `response` from the planned start; both are HDR in base64, in
    microseconds with three digits, or null where no answer came.
    """
    together: defaultdict[tuple[int, str], list[LoadSecond]] = defaultdict(list)
    for entry in entries:
        if isinstance(entry, LoadSecond):
            together[entry.second, entry.step].append(entry)
    for (at, step), found in sorted(together.items(), key=itemgetter(0)):
        told = {
            "second": at,
            "step": step,
            "requests": sum(one.requests for one in found),
            "service": _added([one.service for one in found]),
            "response": _added([one.response for one in found]),
        }
        yield json.dumps(told, separators=(",", ":")) + "\n"


def _added(encoded: Iterable[str | None]) -> str | None:
    """Encoded histograms as one."""
    known = [one for one in encoded if one]
    if len(known) < 2:
        return known[0] if known else None
    total = empty()
    for one in known:
        with suppress(*BROKEN_HISTOGRAM):
            total.decode_and_add(one)
    return str(total.encode(), "ascii")
