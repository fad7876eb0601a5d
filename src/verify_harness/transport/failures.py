"""Network errors in few words, the same for all requests that fail alike."""

import ssl


def described(error: Exception) -> str:
    """An error without the addresses and numbers that differ each time."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"TLS certificate refused: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS: {error.reason or type(error).__name__}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return f"{type(error).__name__}: {error}"[:120]
