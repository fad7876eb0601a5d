"""report.html: one file that needs nothing else; its few lines of script only add comfort."""

import base64
import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup

from verify_harness import sources
from verify_harness.report import changes, chart, wording
from verify_harness.report.renderers import renderer
from verify_harness.results.causes import causes
from verify_harness.results.model import STATUSES, JudgedRequirement, RunView
from verify_harness.sanitize import shortened, visible

_MOST_BODY = 1200
_MOST_CAUSES = 6
_MOST_FINDINGS = 5
_MOST_CURL = 2000
_LAYOUTS: tuple[dict[str, Any], ...] = (
    {"separators": (",", ":")},
    {"separators": (", ", ": ")},
)


@renderer("html", file="report.html")
def html(view: RunView) -> str:
    """The page; every value goes through `visible` and then through the autoescaper."""
    templates = environment()
    style, script = own_file("report.css"), own_file("report.js")
    return (
        templates.get_template("report.html")
        .render(
            view=view,
            style=style,
            style_hash=digest(style),
            script=script,
            script_hash=digest(script),
            causes=causes(view.broken),
            most_causes=_MOST_CAUSES,
            most_findings=_MOST_FINDINGS,
            charts=chart.charts(view.load) if view.load else [],
            chart=chart,
            words=wording,
            statuses=[status for status in STATUSES if status in view.counts],
            bar=_bar(view.counts, len(view.requirements)),
            skipped=_by_reason(view.with_status("skip")),
            most_curl=_MOST_CURL,
            **(changes.values(view.changes) if view.changes else {}),
        )
        .rstrip()
        + "\n"
    )


def own_file(name: str) -> Markup:
    """A file of ours, which holds no value of a run."""
    text = (files(__package__) / "templates" / name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704  see above


def digest(text: str) -> str:
    """What a content security policy knows a text by."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def environment() -> jinja2.Environment:
    """The templates; every value that they print is made visible, then escaped."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("verify_harness.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["body"] = readable_body
    environment.filters["cited"] = sources.cited
    return environment


def _finalized(value: object) -> object:
    """Every printed value passes here; `Markup` is the template's own."""
    return visible(value) if type(value) is str else value


def readable_body(body: str) -> str:
    """A body to read: JSON laid out over lines if that changes nothing else, and cut if long."""
    return shortened(_laid_out(body), _MOST_BODY)


def _laid_out(body: str) -> str:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return body
    for layout in _LAYOUTS:
        for ascii_only in (False, True):
            if json.dumps(value, ensure_ascii=ascii_only, **layout) == body:
                return json.dumps(value, ensure_ascii=ascii_only, indent=2)
    return body  # duplicate names, odd numbers or odd spaces: worth seeing as they came


def _bar(counts: Mapping[Any, int], total: int) -> list[tuple[str, float, float]]:
    """Status, start and width in per cent of the bar under the verdict."""
    parts, start = [], 0.0
    for status, count in counts.items():
        width = 100 * count / total
        parts.append((status, round(start, 3), round(width, 3)))
        start += width
    return parts


def _by_reason(skipped: tuple[JudgedRequirement, ...]) -> Mapping[str, list[JudgedRequirement]]:
    groups: dict[str, list[JudgedRequirement]] = {}
    for item in skipped:
        groups.setdefault(item.reason or "no reason given", []).append(item)
    return groups
