"""Jobs that share the checks of a suite: together they do what one would."""

import itertools

import pytest

from tests.program import Harness
from verify_harness.contract.task import Shard


def test_each_check_belongs_to_one_shard() -> None:
    names = [f"codes/test_codes.py::test_a_code[{index}]" for index in range(1000)]
    shards = [Shard(index, 4) for index in (1, 2, 3, 4)]
    taken = [[name for name in names if shard.takes(name)] for shard in shards]
    assert sorted(itertools.chain(*taken)) == sorted(names)
    assert all(200 < len(part) < 300 for part in taken)


def test_shards_do_together_what_one_run_does(harness: Harness) -> None:
    def ran(*options: str) -> set[str]:
        ended = harness("contract", "run", "TMPL", "LIST", *options)
        assert ended.code == 0, ended.err
        assert ("(shard 2/3)" in ended.out) == ("2/3" in options)
        begun = {line["check"] for line in ended.journal if line["kind"] == "check-started"}
        ended.directory.rename(ended.directory.with_name("-".join(options).replace("/", " ")))
        return begun

    parts = [ran("--shard", f"{index}/3") for index in (1, 2, 3)]
    assert sum(map(len, parts)) == len(set.union(*parts))
    assert set.union(*parts) == ran("--seed", "1")


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "1/0", "a/b", "1/1000", "-1/3", "٢/٣"])
def test_what_is_no_shard_is_refused(harness: Harness, text: str) -> None:
    ended = harness("contract", "run", "TMPL", f"--shard={text}", output=False)
    assert ended.code == 2
    assert "--shard takes K/N with K from 1 to N" in ended.err
