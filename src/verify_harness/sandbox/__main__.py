"""The sandbox for tests: `python -m`; people use `verify-harness sandbox`."""

import argparse
import sys

from verify_harness.sandbox.server import SandboxOptions, serve


def main() -> None:
    """Serve on a free port and print the URL as the only line."""
    parser = argparse.ArgumentParser(prog="python -m verify_harness.sandbox")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--dialect", default="documented")
    parser.add_argument("--key", action="append", default=[], help="an API key to know")
    given = parser.parse_args()
    options = SandboxOptions(port=given.port, dialect=given.dialect, keys=given.key)
    serve(options, on_ready=_announce)


def _announce(url: str) -> None:
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
