"""The public surface for report formats: `report RUN --format NAME` knows those of other packages.

A package registers the module of its renderer by an entry point of the group `GROUP`:

    [project.entry-points."verify_harness.renderers"]
    csv = "mine.csv_report"

    @renderer("csv")
    def csv(view: RunView) -> str:
        return "".join(f"{item.id},{item.status}\\n" for item in view.requirements)
"""

from verify_harness.report.renderers import GROUP, extract, renderer
from verify_harness.results.model import RunView

__all__ = ["GROUP", "RunView", "extract", "renderer"]
