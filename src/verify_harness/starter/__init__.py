"""What `init` writes into a user's repository: settings, waivers, a load profile and a CI job."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from verify_harness import __version__, bundled
from verify_harness.errors import CannotWrite

SERVICES = {
    "github": ("github.yml", Path(".github/workflows/verify-contract.yml")),
    "gitlab": ("gitlab.yml", Path("verify-harness.gitlab-ci.yml")),
    "jenkins": ("Jenkinsfile", Path("Jenkinsfile.verify")),
}
"""By CI service: the file here, and its place in a repository."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A file that `init` writes unless it is there."""

    path: Path
    text: str

    @property
    def is_there(self) -> bool:
        """Whether something has this name already; a dangling link counts."""
        return self.path.exists() or self.path.is_symlink()

    def write(self) -> None:
        """Raises CannotWrite, also for a file that came into being meanwhile: it stays as it is."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("x") as file:
                file.write(self.text)
        except OSError as error:
            raise CannotWrite(self.path, error) from None


def plan(directory: Path, service: str | None) -> tuple[Planned, ...]:
    """The files for a repository, in the order in which they are told."""
    profile = (bundled.loadtests() / "profiles" / "smoke.toml").read_text()
    places = {
        Path("verify-harness.toml"): _text("verify-harness.toml"),
        Path("waivers.toml"): _text("waivers.toml"),
        Path("verify-load.toml"): profile,
    }
    if service is not None:
        name, place = SERVICES[service]
        places[place] = _text(name)
    return tuple(Planned(directory / place, text) for place, text in places.items())


def _text(name: str) -> str:
    text = (files(__package__) / "files" / name).read_text()
    return text.replace("@VERSION@", __version__)
