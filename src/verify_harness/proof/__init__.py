"""Proof that every requirement's checks catch a sandbox with a fault that breaks it."""
