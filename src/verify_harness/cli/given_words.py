"""What a command line named beside the common options, for the command that repeats a run."""

import sys
from collections.abc import Iterable, Iterator, Sequence

import click


def given_words(context: click.Context, left_out: Iterable[str]) -> tuple[str, ...]:
    """The arguments and options of this command line, without the options that are `left_out`.

    `left_out` names them as the command line does, such as `--output`.
    """
    words = _after(context.command_path.split()[1:], sys.argv[1:])
    takes_value = {
        name: not getattr(param, "is_flag", False)
        for param in context.command.params
        for name in param.opts
    }
    return tuple(_kept(words, takes_value, frozenset(left_out)))


def _after(names: Sequence[str], words: Sequence[str]) -> list[str]:
    """The words after the command's own name; empty where it is not there."""
    rest = list(words)
    for name in names:
        if name not in rest:
            return []
        rest = rest[rest.index(name) + 1 :]
    return rest


def _kept(
    words: Sequence[str], takes_value: dict[str, bool], left_out: frozenset[str]
) -> Iterator[str]:
    rest = iter(words)
    for word in rest:
        name, equals, _ = word.partition("=")
        if word.startswith("-") and not word.startswith("--"):
            name, equals = word[:2], word[2:]
        value = next(rest, "") if takes_value.get(name) and not equals else None
        if name in left_out:
            continue
        yield word
        if value is not None:
            yield value
