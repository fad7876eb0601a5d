"""The journal: what a run did, as typed records; every report is a function of what is here."""

from verify_harness.journal.files import MERGED, part, parts
from verify_harness.journal.merging import keep_only, merge
from verify_harness.journal.reader import Entry, Unreadable, read
from verify_harness.journal.syncing import synced
from verify_harness.journal.writer import Journal, redacted

__all__ = [
    "MERGED",
    "Entry",
    "Journal",
    "Unreadable",
    "keep_only",
    "merge",
    "part",
    "parts",
    "read",
    "redacted",
    "synced",
]
