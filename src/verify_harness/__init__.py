"""Contract- and load-testing harness for the Telnyx Verify API."""

__version__ = "0.1.0"
