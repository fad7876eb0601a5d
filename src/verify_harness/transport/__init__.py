"""HTTP/1.1 as both clients speak it: the limits, the content codings, the times to wait."""
