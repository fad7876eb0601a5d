"""Figures as a person reads them."""

from verify_harness.results.load_model import SloResult

NOT_MEASURED = "\u2013"


def plural(count: int, noun: str) -> str:
    """`1 requirement`, `2 requirements`."""
    return f"{number(count)} {noun}" if count == 1 else f"{number(count)} {noun}s"


def number(value: float) -> str:
    """A number to read: `12 345`, `40.2`, with a thin no-break space between thousands."""
    whole = float(value).is_integer() or abs(value) >= 1000
    text = f"{value:,.0f}" if whole else f"{value:.1f}"
    return text.replace(",", "\u202f")


def milliseconds(value: float) -> str:
    """A latency in ms with three figures at most: `0.84`, `12.3`, `250`."""
    if value < 1:
        return f"{value:.2f}"
    return f"{value:.1f}" if value < 100 else number(round(value))


def quantity(value: float, unit: str) -> str:
    """What a limit is about, with its unit: `250 ms`, `0.125 %`."""
    return f"{milliseconds(value)} ms" if unit == "ms" else f"{value:.4g} {unit}"


def measured(item: SloResult) -> str:
    """What was measured for a limit, with its unit; a dash where nothing was."""
    if item.measured is None:
        return NOT_MEASURED
    value = quantity(item.measured, item.unit)
    if item.worst_from_s is None or item.window_s is None:
        return value
    return f"{value} from second {item.worst_from_s} to {item.worst_from_s + item.window_s}"


def duration(seconds: float) -> str:
    """A span to read: `0.8 s`, `12 s`, `1 min 12 s`, `2 h 5 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
