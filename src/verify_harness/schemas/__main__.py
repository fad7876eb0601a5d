"""Write the JSON Schemas again: `python -m verify_harness.schemas`."""

from verify_harness.schemas import FOLDER, SCHEMAS, text

for name, make in SCHEMAS.items():
    (FOLDER / name).write_text(text(make()), encoding="utf-8")
