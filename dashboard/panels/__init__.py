"""Panels: each takes a Snapshot and draws one part of the page from it, and from nothing else."""
