"""Whether the sandbox's memory stays flat: 1 000 000 verifications over HTTP, its RSS in between.

Run `python -m bench.sandbox_memory`; a table, then one line of JSON. It keeps a capped number of
verifications (its README), so its memory grows until the cap is reached and no further: the figure
is the growth from the sample at twice the cap to the end.
"""

import json
import sys
from pathlib import Path

from bench.generator import KEY, PROFILE_BODY, ids, port_announced, post, send, server, trigger

VERIFICATIONS = 1_000_000
BATCH = 50_000
SETTLED_AFTER = 200_000
FLAT_WITHIN = 0.05


def main() -> None:
    """Measure once and print the table and the verdict."""
    command = [sys.executable, "-m", "verify_harness", "sandbox", "--port", "0"]
    print("verifications  RSS MiB  per s")
    samples: dict[int, float] = {}
    with server([*command, "--rate-limit", "off"], TELNYX_API_KEY=KEY) as process:
        port = port_announced(process)
        (profile_id,) = ids(send(port, [post("/v2/verify_profiles", PROFILE_BODY)])[1])
        for first in range(0, VERIFICATIONS, BATCH):
            batch = [trigger(profile_id, index) for index in range(first, first + BATCH)]
            per_s, _ = send(port, batch)
            samples[first + BATCH] = _rss_mib(process.pid)
            print(f"{first + BATCH:13,} {samples[first + BATCH]:8.1f} {per_s:6.0f}", flush=True)
    print(json.dumps(_verdict(samples)))


def _verdict(samples: dict[int, float]) -> dict[str, float | bool]:
    settled = samples[SETTLED_AFTER]
    growth = max(size for count, size in samples.items() if count >= SETTLED_AFTER) / settled - 1
    return {
        "verifications": VERIFICATIONS,
        "settled_mib": settled,
        "end_mib": samples[VERIFICATIONS],
        "growth": round(growth, 4),
        "flat": growth <= FLAT_WITHIN,
    }


def _rss_mib(process_id: int) -> float:
    """Resident memory, from the kernel."""
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1024, 1)
    raise SystemExit("the server is gone")


if __name__ == "__main__":
    main()
