"""Whose certificates are trusted; the same for both clients."""

import ssl

from verify_harness.errors import UsageError
from verify_harness.transport.failures import described


def trust_authorities(context: ssl.SSLContext, ca_file: str | None) -> None:
    """Trust the authorities in a PEM file, or those of the system where there is none.

    Raises UsageError where the file cannot be read or holds no certificates.
    """
    if ca_file is None:
        context.load_default_certs()
        return
    try:
        context.load_verify_locations(cafile=ca_file)
    except OSError as error:
        raise UsageError(
            f"the certificates in {ca_file} cannot be read: {described(error)}.",
            hint="name a file of certificates in PEM form",
        ) from None
