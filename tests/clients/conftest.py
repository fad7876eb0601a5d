"""The same server and accounts as for the sandbox's own tests."""

from tests.sandbox.conftest import account, mint, sandbox

__all__ = ["account", "mint", "sandbox"]
