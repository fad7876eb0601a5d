"""The sandbox as a stranger: the same service and data for the whole of its life, no levers.

Run as a module: `python -m tests.targets.stranger PORT KEY KEY`; it prints its base URL. Requests
that match STRANGER_HANGS_ON (a pattern for `GET /v2/some/path`) are never answered.
"""

import asyncio
import os
import re
import sys
from collections.abc import MutableMapping
from typing import Any

from verify_harness.sandbox import server
from verify_harness.sandbox.application import Application, Receive, Send

HANGS_ON = os.environ.get("STRANGER_HANGS_ON", "(?!)")


class Stranger(Application):
    """Knows nothing below /_sandbox/."""

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request, of the API's paths only."""
        if scope["raw_path"].startswith(b"/_sandbox"):
            headers = [(b"content-type", b"text/plain")]
            await send({"type": "http.response.start", "status": 404, "headers": headers})
            await send({"type": "http.response.body", "body": b"no such page"})
            return
        if re.fullmatch(HANGS_ON, f"{scope['method']} {scope['raw_path'].decode('latin-1')}"):
            await asyncio.Event().wait()
        await super().__call__(scope, receive, send)


def main(port: str, *keys: str) -> None:
    """Serve until told to stop."""
    vars(server)["Application"] = Stranger  # there is no switch for it, on purpose
    options = server.SandboxOptions(port=int(port), keys=keys, rate_limit=None)
    server.serve(options, on_ready=lambda url: print(f"{url}/v2", flush=True))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
