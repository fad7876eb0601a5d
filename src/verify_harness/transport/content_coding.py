"""`Content-Encoding`, undone within a bound, however small the encoded body.

Both clients ask for `identity`; what comes encoded all the same is decoded once, and named.
"""

import zlib

_WINDOW_BITS = {
    "gzip": zlib.MAX_WBITS | 16,
    "x-gzip": zlib.MAX_WBITS | 16,
    "deflate": zlib.MAX_WBITS,
}


class CannotDecode(Exception):
    """The body is not what its Content-Encoding says, or is encoded in a way we cannot undo."""


def decoded(body: bytes, content_encoding: str, limit_bytes: int) -> tuple[bytes, bool]:
    """The body without its coding, cut at the limit, and whether there was more of it.

    Raises CannotDecode for other codings than gzip and deflate (RFC 9110 §8.4.1), for several on
    top of each other, and for broken data.
    """
    codings = [name for part in content_encoding.split(",") if (name := part.strip().lower())]
    codings = [name for name in codings if name != "identity"]
    if not codings or not body:
        return body[:limit_bytes], len(body) > limit_bytes
    if len(codings) > 1 or codings[0] not in _WINDOW_BITS:
        raise CannotDecode(f"Content-Encoding {', '.join(codings)} was never asked for")
    try:
        return _inflated(body, _WINDOW_BITS[codings[0]], limit_bytes)
    except zlib.error:
        if codings[0] != "deflate":
            raise CannotDecode(f"the body is not {codings[0]}") from None
    try:
        return _inflated(body, -zlib.MAX_WBITS, limit_bytes)  # without zlib's head, as many send it
    except zlib.error:
        raise CannotDecode("the body is not deflate") from None


def _inflated(body: bytes, window_bits: int, limit_bytes: int) -> tuple[bytes, bool]:
    """At most `limit_bytes` of the decoded body; CannotDecode where it ends before its end."""
    machine = zlib.decompressobj(window_bits)
    content = machine.decompress(body, limit_bytes + 1)
    if len(content) <= limit_bytes and not machine.eof:
        raise CannotDecode("the encoded body is cut short")
    return content[:limit_bytes], len(content) > limit_bytes
