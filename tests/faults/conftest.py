"""The same server and accounts as for the sandbox's own tests."""

from tests.sandbox.conftest import mint, sandbox

__all__ = ["mint", "sandbox"]
