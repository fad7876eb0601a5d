"""From a path to an operation: literal segments win over variable ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from verify_harness.sandbox.error_envelope import Refusal, refuse
from verify_harness.sandbox.exchange import Request

T = TypeVar("T")


@dataclass(slots=True)
class Node(Generic[T]):
    """A place in the tree of paths."""

    literal: dict[str, "Node[T]"] = field(default_factory=dict)
    variable: "Node[T] | None" = None
    methods: dict[str, T] = field(default_factory=dict)

    def add(self, template: str, method: str, target: T) -> None:
        """Declare a path such as `/verifications/{id}`."""
        node = self
        for segment in template.split("/")[1:]:
            if segment.startswith("{"):
                node.variable = node.variable or Node()
                node = node.variable
            else:
                node = node.literal.setdefault(segment, Node())
        node.methods[method] = target

    def find(self, segments: list[str], at: int = 0) -> "tuple[Node[T], str] | None":
        """The place of a path and the value of its variable ("" if it has none)."""
        if at == len(segments):
            return (self, "") if self.methods else None
        segment = segments[at]
        if (
            segment in self.literal
            and (found := self.literal[segment].find(segments, at + 1)) is not None
        ):
            return found
        if self.variable is None or not segment:
            return None
        found = self.variable.find(segments, at + 1)
        return None if found is None else (found[0], segment)


def tree(targets: Mapping[tuple[str, str], T]) -> Node[T]:
    """The tree of a table from (method, path template) to target."""
    root: Node[T] = Node()
    for (method, template), target in targets.items():
        root.add(template, method, target)
    return root


def allowed(node: Node[T]) -> str:
    """The `Allow` header of a place: what it declares, and HEAD beside GET (RFC 9110 §9.1)."""
    implied = {"HEAD"} if "GET" in node.methods else set()
    return ", ".join(sorted(implied | set(node.methods)))


def method_of(request: Request) -> str:
    """The declared method that serves a request: HEAD is served by GET (RFC 9110 §9.3.2)."""
    return "GET" if request.method == "HEAD" else request.method


def unknown_path(hint: str = "") -> Refusal:
    """There is no such path in the API; a hint says where else to go."""
    return refuse(404, "10005", f"The API has no such path.{hint}")


def undeclared_method(node: Node[T], status: int) -> Refusal:
    """The path exists, with other methods."""
    refusal = refuse(status, "10030", f"The path has no such method; it has {allowed(node)}.")
    refusal.allow = allowed(node)
    return refusal
