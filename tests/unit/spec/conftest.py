"""The contract as its source documents it, and with our choices on top."""

import pytest

from verify_harness import bundled
from verify_harness.spec import Spec, load


@pytest.fixture(scope="session")
def base() -> Spec:
    return load()


@pytest.fixture(scope="session")
def chosen() -> Spec:
    return load(overlay=bundled.specs() / "chosen.overlay.yaml")


@pytest.fixture(scope="session", params=["base", "chosen"])
def spec(request: pytest.FixtureRequest, base: Spec, chosen: Spec) -> Spec:
    return base if request.param == "base" else chosen
