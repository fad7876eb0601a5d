"""A run directory as one file that can be sent on."""

import zipfile
from pathlib import Path

from verify_harness.errors import CannotWrite
from verify_harness.run.directory_lock import FILE


def pack(directory: Path, archive: Path) -> None:
    """Write all files of a run into a zip file, under the run's name.

    Raises CannotWrite where there is no room, or no right to write.
    """
    try:
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
            for path in sorted(directory.rglob("*")):
                if path.is_file() and path not in (archive, directory / FILE):
                    name = Path(directory.resolve().name) / path.relative_to(directory)
                    target.write(path, name)
    except OSError as error:
        raise CannotWrite(archive, error) from None
