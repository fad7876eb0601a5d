"""The contract: the OpenAPI document, its operations, and whether an answer keeps to them.

Pure apart from reading the files; knows nothing of schemathesis or of HTTP clients.
"""

from verify_harness.spec.answers import Problem, validate_answer
from verify_harness.spec.document import Spec, load
from verify_harness.spec.operations import Operation, Parameter, Response

__all__ = ["Operation", "Parameter", "Problem", "Response", "Spec", "load", "validate_answer"]
