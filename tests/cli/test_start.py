"""What the start of the command line costs, beside the interpreter's own."""

import resource
import subprocess
import sys

import pytest


def least_cpu_secs(*arguments: str) -> float:
    """The CPU time of a child, the least of a few tries: others may use this machine, too."""

    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return min(once() for _ in range(9))


@pytest.mark.parametrize("flag", ["--version", "--help"])
def test_a_flag_that_only_prints_imports_next_to_nothing(flag: str) -> None:
    # 4 to 5 times in quiet; it was 40 when every command was imported first
    bare = least_cpu_secs("-c", "pass")
    assert least_cpu_secs("-m", "verify_harness", flag) < 8 * bare
