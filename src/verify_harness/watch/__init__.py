"""Eyes on a load while it runs: a page, Prometheus metrics, and lines in the terminal.

All of them show one `Feed`, which reads what the generating processes write. It runs in who started
them, so that watching costs the generators nothing.
"""
