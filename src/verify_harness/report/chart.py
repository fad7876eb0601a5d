"""Line charts as geometry: the template only draws what is worked out here."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from verify_harness.results.figures import number
from verify_harness.results.load_model import Interval, Load, SloResult, scope

WIDTH, HEIGHT = 960, 270
LEFT, RIGHT, TOP, BOTTOM = 64, 84, 14, 44
_X_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
_LABEL_GAP = 15
_MOST_ABOVE, _MOST_ABOVE_LOG = 4, 100
"""How far above all that was measured a limit is still drawn: further, it flattens the picture."""
_WIDE = 50
"""From this ratio of the highest to the lowest on, only a logarithmic axis shows both."""
LIMIT = "line-limit"


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis, in pixels."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Where values stand on the vertical axis."""

    low: float
    top: float
    ticks: tuple[float, ...]
    is_logarithmic: bool = False

    def y(self, value: float) -> float:
        """The place of a value, in pixels; what is below the axis stands on it."""
        low, value, top = self.low, max(value, self.low), self.top
        if self.is_logarithmic:
            low, value, top = math.log10(low), math.log10(value), math.log10(top)
        return round(HEIGHT - BOTTOM - (value - low) / (top - low) * (HEIGHT - TOP - BOTTOM), 1)


@dataclass(frozen=True, slots=True)
class Series:
    """A line: its SVG path and where its name stands, at the right edge or above a limit."""

    name: str
    css: str
    path: str
    label_y: float

    @property
    def is_limit(self) -> bool:
        """Whether it is a level that must not be crossed; its name is too long for the edge."""
        return self.css == LIMIT


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture; all coordinates in the 960 x 270 view box."""

    title: str
    x_title: str
    y_title: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    series: tuple[Series, ...]


_Values = Sequence[tuple[float, float | None]]
_Line = tuple[str, str, _Values]
"""A name, a class of the style sheet, and points."""


def charts(load: Load) -> list[Chart]:
    """Latency over time, of all and of what limits are about; what was planned and what sent."""
    drawn = [
        _responses(load, ""),
        *(_responses(load, name) for name in _limited(load)[:_MOST_LIMITED]),
        _distribution(load),
        _rates(load),
        _chart("Answers by status", "requests per second", _length_s(load), _answers(load)),
    ]
    return [chart for chart in drawn if chart.series]


_MOST_LIMITED = 8
"""More pictures of steps and channels than anybody looks at; the table has all limits."""


def _limited(load: Load) -> list[str]:
    """The steps and channels that a limit in milliseconds is about, as `scope` names them."""
    return sorted({name for interval in load.intervals for name in interval.limited_ms})


def _responses(load: Load, part: str) -> Chart:
    """Response times of a part of the load, or of all, with the limits on them."""
    lines: list[_Line] = [
        (
            name,
            f"line-{name}",
            [(_middle(one), _latency(one, part, name)) for one in load.intervals],
        )
        for name in ("p99", "p95", "p50")
    ]
    known = [y for _, _, values in lines for _, y in values if y]
    most = max(known, default=0.0) * (_MOST_ABOVE_LOG if _is_wide(known) else _MOST_ABOVE)
    lines += [
        (
            f"{item.expression} {item.limit}",
            LIMIT,
            [(_middle(one), item.bound) for one in load.intervals],
        )
        for item in load.slo
        if item.unit == "ms" and scope(item) == part and item.bound <= most
    ]
    named = part.replace(", ", " by ")
    title = f"Response time of {named}" if part else "Response time, all steps"
    return _chart(f"{title}, counted from the planned start", "ms", _length_s(load), lines)


def _rates(load: Load) -> Chart:
    lines: list[_Line] = [
        (
            "planned",
            "line-planned",
            [(_middle(item), item.planned_per_s) for item in load.intervals],
        ),
        ("started", "line-sent", [(_middle(item), item.journeys_per_s) for item in load.intervals]),
    ]
    return _chart("Journeys planned and started", "journeys per second", _length_s(load), lines)


def _length_s(load: Load) -> int:
    return sum(item.width_s for item in load.intervals)


_ANSWERS = {"2xx": "p50", "4xx": "p95", "429": "planned", "5xx": "p99", "none": "none"}
"""By class of answer, the colour of its line."""


def _answers(load: Load) -> list[_Line]:
    """A line for each class of answer; nothing where every answer is of one class."""
    seen = {name for item in load.intervals for name, count in item.answers.items() if count}
    if len(seen) < 2:
        return []
    return [
        (
            name,
            f"line-{colour}",
            [(_middle(item), item.answers.get(name, 0) / item.width_s) for item in load.intervals],
        )
        for name, colour in _ANSWERS.items()
        if name in seen
    ]


def _distribution(load: Load) -> Chart:
    """Response times of all steps by percentile; the slowest hundredth is as wide as the rest."""
    lines = [
        (name, css, [(_rarity(share), ms) for share, ms in points])
        for name, css, points in (
            ("response", "line-p99", load.response_by_percentile),
            ("service", "line-p50", load.service_by_percentile),
        )
    ]
    drawn = _chart("Latency by percentile, all steps", "ms", _RAREST, lines)
    ticks = tuple(Tick(_x(_rarity(share), _RAREST), f"{share:g} %") for share in _SHOWN_PERCENTILES)
    return replace(drawn, x_title="share of the answers that were no slower", x_ticks=ticks)


_SHOWN_PERCENTILES = (0, 50, 90, 99, 99.9)
_RAREST = 3


def _rarity(percentile: float) -> float:
    """0 for the fastest answer, 1 for one in ten, 2 for one in a hundred."""
    return min(float(_RAREST), -math.log10(max(1 - percentile / 100, 1e-9)))


def used_share(limit: SloResult) -> float | None:
    """How much of a limit was used up: 0.5 is half of it, 2 is twice as much as it allows.

    None where nothing was measured, or where the limit leaves no room at all.
    """
    if limit.measured is None:
        return None
    used, room = limit.measured, limit.bound
    if limit.comparison.startswith(">"):  # a share that must be large: what is missing counts
        used, room = 100 - used, 100 - room
    return used / room if room > 0 else None


def _middle(interval: Interval) -> float:
    return interval.start_s + interval.width_s / 2


def _latency(interval: Interval, part: str, name: str) -> float | None:
    measured = interval.limited_ms.get(part) if part else interval.response_ms
    return None if measured is None else float(getattr(measured, name))


def _chart(title: str, y_title: str, length_s: int, lines: Sequence[_Line]) -> Chart:
    known = [y for _, _, values in lines for _, y in values if y is not None]
    scale = _logarithmic(known) if y_title == "ms" and _is_wide(known) else _linear(known)
    paths = [
        (name, css, _points(values, length_s, scale))
        for name, css, values in lines
        if any(y is not None for _, y in values)
    ]
    places = _label_places(paths)
    return Chart(
        title=title,
        x_title="time since the load began",
        y_title=f"{y_title}, logarithmic" if scale.is_logarithmic else y_title,
        x_ticks=_x_ticks(length_s),
        y_ticks=tuple(Tick(scale.y(at), number(round(at, 6))) for at in scale.ticks),
        series=tuple(
            Series(name, css, _path(points), place)
            for (name, css, points), place in zip(paths, places, strict=True)
        ),
    )


def _is_wide(values: Sequence[float]) -> bool:
    """Whether values lie too far apart for an axis of equal steps."""
    positive = [value for value in values if value > 0]
    return bool(positive) and max(positive) >= _WIDE * min(positive)


def _linear(values: Sequence[float]) -> Scale:
    highest = max(values, default=0)
    step = nice_step(highest / 4)
    count = max(1, math.ceil(highest / step))
    return Scale(0.0, count * step, tuple(place * step for place in range(count + 1)))


def _logarithmic(values: Sequence[float]) -> Scale:
    """From the round number below the lowest value to the one above the highest."""
    positive = [value for value in values if value > 0]
    first = math.floor(math.log10(min(positive)))
    powers = range(first, math.ceil(math.log10(max(positive))) + 1)
    round_numbers = [factor * 10.0**power for power in powers for factor in (1, 2, 5)]
    low = max(number for number in round_numbers if number <= min(positive))
    top = min(number for number in round_numbers if number >= max(positive))
    ticks = [number for number in round_numbers if low <= number <= top]
    if len(ticks) > _MOST_TICKS:
        ticks = [number for number in ticks if number in {10.0**power for power in powers}]
    return Scale(low, top, tuple(ticks), is_logarithmic=True)


_MOST_TICKS = 7


_Points = list[tuple[float, float] | None]


def _label_places(paths: Sequence[tuple[str, str, _Points]]) -> list[float]:
    """Where the names stand; those inside do not push those at the edge."""
    places = [0.0] * len(paths)
    for is_limit in (False, True):
        group = [place for place, path in enumerate(paths) if (path[1] == LIMIT) == is_limit]
        for place, y in zip(group, _spread([_last_y(paths[at][2]) for at in group]), strict=True):
            places[place] = y
    return places


def _points(values: _Values, length_s: int, scale: Scale) -> _Points:
    return [None if y is None else (_x(x, length_s), scale.y(y)) for x, y in values]


def _x(second: float, length_s: int) -> float:
    return round(LEFT + second / max(length_s, 1) * (WIDTH - LEFT - RIGHT), 1)


def _path(points: _Points) -> str:
    """An SVG path with a gap wherever nothing was measured."""
    commands = []
    for before, point in zip([None, *points], points, strict=False):
        if point is not None:
            x, y = point
            # a point on its own is drawn as a dot: the line has round ends
            commands.append(f"L{x:g} {y:g}" if before else f"M{x:g} {y:g}h0")
    return "".join(commands)


def _last_y(points: _Points) -> float:
    return next(point[1] for point in reversed(points) if point is not None)


def _spread(places: Sequence[float]) -> list[float]:
    """The places moved apart so that labels do not overlap, keeping their order."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = list(places)
    for before, index in pairwise(order):
        moved[index] = max(moved[index], moved[before] + _LABEL_GAP)
    overhang = max([*moved, 0.0]) - (HEIGHT - BOTTOM)
    return [round(place - max(overhang, 0.0), 1) for place in moved]


def _x_ticks(length_s: int) -> tuple[Tick, ...]:
    step = next((step for step in _X_STEPS_S if length_s / step <= 10), _X_STEPS_S[-1])
    in_minutes = step >= 60
    return tuple(
        Tick(_x(at, length_s), f"{at // 60} min" if in_minutes else f"{at} s")
        for at in range(0, length_s + 1, step)
    )


def nice_step(wanted: float) -> float:
    """The next number of the form 1, 2 or 5 times a power of ten that is not below `wanted`."""
    if wanted <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= wanted * 0.999)
