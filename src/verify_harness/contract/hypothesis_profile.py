"""How hypothesis draws in a contract run: the same for a seed, on every machine."""

from hypothesis import HealthCheck, Phase, settings

from verify_harness.contract.levels import Level

EXAMPLES = {"smoke": 1, "standard": 12, "deep": 200}
"""Examples that hypothesis draws for one check, by level."""


def settle_hypothesis(level: Level, *, shrinks: bool) -> None:
    """Configure hypothesis so that a seed generates the same requests on every machine.

    Hypothesis collects constants from the local modules that happen to be imported, so that is
    switched off. The target phase is off as well: it takes most of the time and finds nothing here.
    """
    from hypothesis.internal.conjecture import providers  # noqa: PLC0415 - no public switch

    no_constants = providers.Constants  # type: ignore[attr-defined] # not re-exported
    providers._get_local_constants = no_constants  # noqa: SLF001
    settings.register_profile(
        "verify-harness",
        max_examples=EXAMPLES[level],
        database=None,
        deadline=None,
        derandomize=False,
        phases=(Phase.explicit, Phase.generate, *([Phase.shrink] if shrinks else [])),
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
        print_blob=False,
        report_multiple_bugs=False,
    )
    settings.load_profile("verify-harness")
