"""What one exchange may take, in time and in bytes; the same for both clients."""

CONNECT_SECS = 5.0
"""For name resolution, and again for all addresses of a name together, TLS included."""
READ_GAP_SECS = 10.0
"""Without a byte of the answer."""
TOTAL_SECS = 30.0
"""From the name resolution to the last byte of the answer."""
HEAD_BYTES = 64 * 1024
HEAD_LINES = 200
BODY_BYTES = 1024 * 1024
"""As it comes, and again once it is decoded."""
WIRE_BYTES = HEAD_BYTES + BODY_BYTES
"""Everything, so that the framing of tiny chunks counts too."""
INTERIM_ANSWERS = 100
"""How many 1xx answers may precede the final one."""
