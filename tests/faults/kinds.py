"""Faults by the kind of mistake they stand for; a proof, not a probe, shows that each is seen."""

REAL_WORLD = (
    *("empty-code-opens", "padded-code-opens-by-number", "true-opens", "master-code-opens-calls"),
    *("start-of-code-opens-by-number", "folded-digits-open-whatsapp"),
    *("used-code-of-the-number-opens", "code-of-another-number-opens"),
    *("late-code-opens-by-number", "approved-code-opens-calls-again"),
)
"""Ten mistakes of real services: an input is accepted that nobody may pass with."""

KINDS: dict[str, tuple[str, ...]] = {
    "worst inputs": (*REAL_WORLD, "missing-code-opens-by-number"),
}
PROVED = frozenset(fault for faults in KINDS.values() for fault in faults)
