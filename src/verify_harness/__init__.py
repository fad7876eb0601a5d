"""Contract- and load-testing harness for the Telnyx Verify API."""

from importlib.metadata import version

__version__ = version("verify-harness")
