"""An imitation of the Verify API with real state, for proving checks and for measuring load."""
