"""What keeps a run harmless: who may be called, and what may be written."""
