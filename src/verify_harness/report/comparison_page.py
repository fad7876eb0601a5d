"""A comparison as one HTML file."""

from pathlib import Path

from verify_harness.atomic_files import replace_file
from verify_harness.errors import CannotWrite
from verify_harness.exitcodes import ExitCode
from verify_harness.report import changes
from verify_harness.report.html import digest, environment, own_file
from verify_harness.results.comparison import Comparison


def write(path: Path, comparison: Comparison, code: ExitCode) -> None:
    """Write the page; raises CannotWrite."""
    try:
        replace_file(path, page(comparison, code).encode())
    except OSError as error:
        raise CannotWrite(path, error) from None


def page(comparison: Comparison, code: ExitCode) -> str:
    """The page; `code` is how the command ends."""
    style = own_file("report.css")
    values = {"code": int(code), "style": style, "style_hash": digest(style)}
    template = environment().get_template("compare.html")
    return template.render(**changes.values(comparison), **values).rstrip() + "\n"
