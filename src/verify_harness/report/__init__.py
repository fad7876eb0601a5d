"""Reports: pure functions of one view model, which is built once from a run's journal."""

from verify_harness.report.formats import Format, known_formats, renderer
from verify_harness.report.model import RunView
from verify_harness.report.view import build_view
from verify_harness.report.writing import write_all

__all__ = ["Format", "RunView", "build_view", "known_formats", "renderer", "write_all"]
