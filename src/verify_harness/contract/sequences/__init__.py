"""Random sequences of calls, each answer of which the reference model judges."""
