"""A server of known capacity and latency: it answers triggers at a fixed rate, after a while."""

import asyncio
import contextlib
import json
import math
import resource
import sys
import uuid
from itertools import count
from statistics import NormalDist

SIGMA = 0.5


class Paced:
    """Answers `rate_per_s` triggers a second and keeps the others waiting in a queue."""

    def __init__(self, rate_per_s: float, median_s: float = 0.0, sigma: float = SIGMA) -> None:
        self._pause_s = 1 / rate_per_s
        self._median_s = median_s
        self._sigma = sigma
        self._free_at = 0.0
        self._numbers = count(1)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                told = head.partition("content-length: ")[2].split("\r\n")[0]
                body = json.loads(await reader.readexactly(int(told)) if told else b"{}")
                number = next(self._numbers)
                if "/verifications/" in head:
                    await self._turn()
                    await asyncio.sleep(self._median_s * spread(number, self._sigma))
                data = {**body, "id": str(uuid.UUID(int=number))}
                content = json.dumps({"data": data}).encode()
                answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                writer.write(answer + b"Content-Length: %d\r\n\r\n" % len(content) + content)

    async def _turn(self) -> None:
        now = asyncio.get_running_loop().time()
        self._free_at = max(self._free_at, now) + self._pause_s
        await asyncio.sleep(self._free_at - now)


def spread(number: int, sigma: float) -> float:
    """A lognormal factor; any thousand numbers in a row give its thousand quantiles, mixed up."""
    place = (number * 617 % 1000 + 0.5) / 1000
    return math.exp(sigma * NormalDist().inv_cdf(place))


async def main(rate_per_s: float, *latency: float) -> None:
    server = await asyncio.start_server(
        Paced(rate_per_s, *latency).serve, "127.0.0.1", 0, backlog=8192
    )
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(main(*map(float, sys.argv[1:])))
