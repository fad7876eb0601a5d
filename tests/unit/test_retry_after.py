"""How long a throttled answer asks to wait, in every form that it may have."""

import pytest

from verify_harness.transport.retry_after import wait_secs

NOW = 1_795_651_200.0  # 2026-11-26T00:00:00Z


@pytest.mark.parametrize(
    "retry_after, reset, secs",
    [
        ("3", None, 3.0),
        ("3.4", None, 3.4),
        ("Thu, 26 Nov 2026 00:00:07 GMT", None, 7.0),
        ("Thursday, 26-Nov-26 00:00:07 GMT", None, 7.0),
        ("Thu Nov 26 00:00:07 2026", None, 7.0),
        ("Wed, 25 Nov 2026 00:00:00 GMT", None, 0.0),
        ("soon", "4", 4.0),
        (None, "1795651205", 5.0),
        ("999999", None, 10.0),
        ("-1", "nan", 1.0),
        (None, None, 1.0),
    ],
)
def test_each_form_is_read(retry_after: str | None, reset: str | None, secs: float) -> None:
    assert wait_secs(retry_after, reset, now=NOW, longest_secs=10.0) == pytest.approx(secs)
