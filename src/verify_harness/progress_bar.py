"""How far a piece of work is, as rich draws it on a terminal; a log gets plain lines."""

import io
import os
from typing import TextIO

from rich.console import Console, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

_WIDTH, _USUAL_COLUMNS = 20, 80
_LEAST_SECS, _LEAST_SHARE = 3.0, 0.02
"""Before that nothing is known about the rest."""


def columns_of(stream: TextIO) -> int | None:
    """The width of a terminal whose lines can be written anew; None where there is none."""
    if not stream.isatty() or os.environ.get("TERM") == "dumb":
        return None
    if os.environ.get("COLUMNS", "").isdecimal():
        return int(os.environ["COLUMNS"]) or _USUAL_COLUMNS
    return os.get_terminal_size(stream.fileno()).columns or _USUAL_COLUMNS


def progress(name: str, share: float, told: str, columns: int) -> RenderableType:
    """A row of a terminal so wide: the name, a bar, the percentage, and what else is told."""
    share, bar_width = max(0.0, min(1.0, share)), min(_WIDTH, columns // 4)
    row = Table.grid(padding=(0, 1))
    for width in (len(name), bar_width, len("100 %")):
        row.add_column(width=width, no_wrap=True)
    bar = ProgressBar(total=1.0, completed=share, width=bar_width)
    row.add_row(name, bar, f"{share:4.0%}".replace("%", " %"), cut(told))
    return row


def drawn(shown: RenderableType, stream: TextIO, columns: int) -> list[str]:
    """The lines that a terminal so wide shows, in the colours and characters it has."""
    canvas = io.TextIOWrapper(io.BytesIO(), stream.encoding or "utf-8", errors="replace")
    console = Console(
        file=canvas, width=columns, force_terminal=True, highlight=False, legacy_windows=False
    )
    console.print(shown)
    canvas.seek(0)
    return canvas.read().splitlines()


def cut(told: str) -> Text:
    """A text that ends in an ellipsis where there is no room for the rest."""
    return Text(told, no_wrap=True, overflow="ellipsis")


def left(share: float, elapsed_secs: float) -> str:
    """` · 12 s left` or ` · 3 min left`, as far as what is done tells that; else nothing."""
    if not _LEAST_SHARE <= share < 1 or elapsed_secs < _LEAST_SECS:
        return ""
    rest_secs = elapsed_secs * (1 - share) / share
    return f" · {rest_secs:.0f} s left" if rest_secs < 90 else f" · {rest_secs / 60:.0f} min left"
