"""The runs of a folder as objects: listed, shown as a trend, removed."""

from verify_harness.history.past_runs import PastRun, past_runs
from verify_harness.history.pruning import prune

__all__ = ["PastRun", "past_runs", "prune"]
