"""The checksum at the end of a line: it tells a line that was damaged or changed by hand.

`crc` is the CRC-32 of the line before the comma that it follows, in hexadecimal.
"""

import re
from zlib import crc32

_SEAL = re.compile(rb',"crc":"([0-9a-f]{8})"\}$')


def sealed(line: str) -> str:
    """A JSON object of ASCII characters with its checksum as the last member."""
    body = line.removesuffix("}")
    return f'{body},"crc":"{crc32(body.encode()):08x}"}}'


def is_damaged(line: bytes) -> bool:
    """Whether a line's checksum contradicts it; lines without one are believed."""
    seal = _SEAL.search(line)
    return seal is not None and crc32(line[: seal.start()]) != int(seal[1], 16)
