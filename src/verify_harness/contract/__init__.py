"""The contract suite: collects the checks, runs them in workers, records what they find."""
