"""Whatever fails while reports are written: exit 5 or 3, one line, no secret, the journal whole."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import verify_harness.report
from tests.report.journals import realistic
from verify_harness import cli, journal, report
from verify_harness.cli.running import write_reports
from verify_harness.crash import HarnessBug
from verify_harness.errors import CannotWrite
from verify_harness.keys import KEY_VARIABLE, Keys
from verify_harness.report import renderers

KEY = "KEY0187B2F4C6D8Ef13aX5cZ7e9G1h3"


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(verify_harness.report.__path__):
        yield import_module(f"verify_harness.report.{found.name}")


def functions() -> list[tuple[str, str]]:
    return [
        (module.__name__, name)
        for module in modules()
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__
    ]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    with (tmp_path / journal.MERGED).open("w") as file:
        lines = journal.Journal(file)
        for record in realistic():
            lines.write(record)
        lines.close()
    return tmp_path


def boom(*_arguments: Any, **_more: Any) -> Any:
    raise RuntimeError(f"no room for {KEY}\nnor for {KEY[::-1]}")


@pytest.mark.parametrize(
    "every,least", [(12, 5), pytest.param(1, 60, marks=pytest.mark.long)], ids=["sample", "all"]
)
def test_an_exception_in_any_function_is_one_line_without_secrets(
    directory: Path, monkeypatch: pytest.MonkeyPatch, every: int, least: int
) -> None:
    monkeypatch.setattr("verify_harness.keys._KNOWN", {})
    Keys(first=KEY)  # some command has read it
    before = (directory / journal.MERGED).read_bytes()
    crashes = [
        bug for place in functions()[::every] if (bug := _crash(place, directory, monkeypatch))
    ]
    assert len(crashes) >= least, "the functions are not reached any more"
    assert f"RuntimeError: no room for ${KEY_VARIABLE} nor" in str(crashes[0])
    assert not [bug for bug in crashes if KEY[:8] in str(bug) or "\n" in str(bug)]
    assert (directory / journal.MERGED).read_bytes() == before
    assert not list(directory.glob(".*"))


def _crash(
    place: tuple[str, str], directory: Path, monkeypatch: pytest.MonkeyPatch
) -> HarnessBug | None:
    """Break one function; what that came to, if the reports need it."""
    with monkeypatch.context() as patched:
        _break(place, patched)
        try:
            write_reports(directory)
        except HarnessBug as bug:
            _check_crash_file(directory / "crash.txt")
            return bug
    return None


def _check_crash_file(path: Path) -> None:
    text = path.read_text()
    assert "Traceback" in text
    assert path.stat().st_mode & 0o777 == 0o600
    assert not [part for part in (KEY[:8], KEY[::-1][:8]) if part in text]
    path.unlink()


def _break(place: tuple[str, str], patched: pytest.MonkeyPatch) -> None:
    known = renderers.known_formats()
    module, name = place
    original = getattr(import_module(module), name)
    for user in (*modules(), report, cli.running):
        for alias, value in list(vars(user).items()):
            if value is original:
                patched.setattr(user, alias, boom)
    formats = {
        key: renderers.Format(each.name, each.file, boom) if each.render is original else each
        for key, each in known.items()
    }
    patched.setattr(renderers, "_FORMATS", formats)


def test_a_disk_that_fills_up_is_no_bug(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CannotWrite, match=r"report\.html: No space left on device"):
        write_reports(directory)
    assert sorted(path.name for path in directory.iterdir()) == [journal.MERGED]


Code = Callable[[], int]


@pytest.mark.parametrize(
    "error,code,says",
    [
        (RuntimeError(f"odd {KEY}"), 5, f"bug in the harness: RuntimeError: odd ${KEY_VARIABLE};"),
        (FileNotFoundError(2, "No such file", "x"), 5, "bug in the harness: FileNotFoundError"),
        (OSError(28, "No space left on device"), 3, "cannot write into standard output"),
    ],
)
def test_the_outermost_boundary(
    error: Exception,
    code: int,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    def fail(_named: Path | None) -> None:
        raise error

    monkeypatch.setenv(KEY_VARIABLE, KEY)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("verify_harness.cli.messages.silence", lambda _stream: None)
    monkeypatch.setattr("verify_harness.config.load", fail)
    monkeypatch.setattr("sys.argv", ["verify-harness", "contract", "list"])
    assert cli._code() == code
    told = capfd.readouterr().err
    assert says in told
    assert KEY[:8] not in told
    assert "Traceback" not in told
    crashes = [path.read_text() for path in tmp_path.glob("verify-harness-crash-*.txt")]
    assert len(crashes) == (code == 5)
    assert not [text for text in crashes if KEY[:8] in text]
