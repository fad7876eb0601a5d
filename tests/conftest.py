"""What holds for every test."""

import signal

# Whoever runs the tests in the background has them ignore SIGINT, and so would every program that
# they start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
