"""histograms.ndjson: what programs read of a load run's latencies."""

import json
from pathlib import Path
from typing import Any

import pytest
from hdrh.histogram import HdrHistogram

from tests.report.journals import Journal
from verify_harness import journal
from verify_harness.journal.encoding import ascii_json
from verify_harness.report import write_all


def _written(directory: Path, told: Journal) -> list[Any]:
    text = "".join(ascii_json(line) + "\n" for line in told.finish().lines)
    journal.part(directory, "main").write_text(text)
    write_all(directory)
    path = directory / "histograms.ndjson"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_channels_and_processes_are_added_up_by_second_and_step(tmp_path: Path) -> None:
    told = Journal().start().load_start()
    told.load_second(1, "trigger", [4000], channel="sms")
    told.load_second(0, "trigger", [1000, 2000], channel="sms")
    told.load_second(0, "trigger", [3000], channel="call").load_second(0, "check", [])

    check, first, second = _written(tmp_path, told.load_finish(3))

    assert (check["second"], check["step"], check["requests"]) == (0, "check", 0)
    assert (first["second"], first["requests"], second["requests"]) == (0, 3, 1)
    service, response = (HdrHistogram.decode(first[name]) for name in ("service", "response"))
    assert (service.get_total_count(), response.get_total_count()) == (3, 3)
    assert service.get_max_value() == pytest.approx(3000, rel=0.001)
    assert response.get_max_value() == pytest.approx(3150, rel=0.001)


def test_what_cannot_be_read_does_not_keep_the_rest_from_being_written(tmp_path: Path) -> None:
    told = Journal().start().load_start().load_second(0, "trigger", [1000], channel="sms")
    told.load_second(0, "trigger", [], channel="call", response="no histogram")

    (only,) = _written(tmp_path, told.load_finish(1))

    assert HdrHistogram.decode(only["response"]).get_total_count() == 1


def test_a_run_without_load_has_no_histograms(tmp_path: Path) -> None:
    assert _written(tmp_path, Journal().start("VFY-TRIG-001")) == []
    assert (tmp_path / "run.json").exists()
    assert not (tmp_path / "histograms.ndjson").exists()
