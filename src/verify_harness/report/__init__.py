"""Reports: each format prints one view; nothing here judges."""

from verify_harness.report.renderers import (
    Format,
    known_extracts,
    known_formats,
    load_foreign,
    renderer,
)
from verify_harness.report.writing import write_all

__all__ = ["Format", "known_extracts", "known_formats", "load_foreign", "renderer", "write_all"]
