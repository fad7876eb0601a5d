"""The cap on what is remembered."""

from verify_harness.sandbox.records import Records, Verification


def _verification(name: str, number: str = "+13035550100") -> Verification:
    return Verification(name, "sms", number, "p", None, "1", 300, 0.0, 0.0, 300.0)


def test_at_the_cap_a_settled_verification_goes_before_an_older_pending_one() -> None:
    records = Records(cap=2)
    old, settled, new = (_verification(name) for name in ("old", "settled", "new"))
    records.add_verification(old)
    records.add_verification(settled)
    records.settle(settled, "accepted", 1.0)
    records.add_verification(new)
    assert list(records.verifications) == ["old", "new"]
    assert records.evicted == 1


def test_at_the_cap_without_settled_ones_the_oldest_goes() -> None:
    records = Records(cap=2)
    for name in ("one", "two", "three"):
        records.add_verification(_verification(name, f"+1303555010{len(name)}"))
    assert list(records.verifications) == ["two", "three"]


def test_a_forgotten_verification_leaves_its_number() -> None:
    records = Records(cap=1)
    records.add_verification(_verification("one", "+13035550101"))
    records.add_verification(_verification("two", "+13035550102"))
    assert list(records.of_number("+13035550101")) == []
    assert not records.knows("+13035550101")
