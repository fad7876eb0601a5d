"""What must be the same wherever a part of one load is made."""

import hashlib

from verify_harness import __version__
from verify_harness.load.load_plan import Plan
from verify_harness.load.process_settings import LoadSettings
from verify_harness.safety.permission import Permission


def fingerprint(settings: LoadSettings, plan: Plan) -> dict[str, str]:
    """Each thing by its name; where the target and its key are found may differ."""
    return {
        "version": __version__,
        "profile": _sha256(plan.profile.path.read_bytes()),
        "scenario": _sha256(plan.profile.scenario.read_bytes()),
        "spec": plan.spec.sha256,
        "seed": str(settings.seed),
        "duration": f"{settings.duration_s} {settings.rate_per_s} {settings.drain_secs}",
        "permission": _permission(settings.permission),
        "ceiling": f"{settings.ceiling.max_triggers} {settings.ceiling.max_rate_per_s}",
    }


def _permission(permission: Permission) -> str:
    in_clear = "in clear" if permission.allow_plain_text else "encrypted"
    return f"{sorted(permission.allow_remote)} {in_clear}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
