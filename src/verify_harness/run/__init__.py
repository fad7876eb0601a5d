"""The life of a run: a frozen plan, a directory, a target, children, an end that is always told."""
