"""A pytest plugin for runs under test: the first answer has to come within a second."""

from verify_harness.contract import circuit_breaker

vars(circuit_breaker)["RESPONSE_TIMEOUT_SECS"] = 1.0  # a first hang would cost half a minute
