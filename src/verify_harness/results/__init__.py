"""Judges what a journal's records come to; whatever is printed is a function of the view."""

from verify_harness.results.build import build_view
from verify_harness.results.model import RunView

__all__ = ["RunView", "build_view"]
