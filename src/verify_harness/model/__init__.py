"""The reference model: which answers the facts allow after a sequence of requests."""
