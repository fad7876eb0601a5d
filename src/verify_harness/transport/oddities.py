"""What can be wrong with an answer that can be read all the same: a sentence each, for notes."""

SURPLUS = "bytes came after the end of an answer; they were thrown away with the connection"
UNASKED = "bytes came on an idle connection, which no request had asked for; it was closed"


def encoded(content_encoding: str) -> str:
    """An answer came encoded, which was decoded."""
    return f"an answer came with Content-Encoding {content_encoding[:40]}, not asked for"
