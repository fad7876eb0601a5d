"""What changed between two OpenAPI documents, for callers and for the service.

Order, names of components, `$ref` against the schema itself, and prose make no difference.
"""

from verify_harness.spec.diff.rows import Diff, Row, diff

__all__ = ["Diff", "Row", "diff"]
