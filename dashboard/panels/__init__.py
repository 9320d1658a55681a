"""Panels: each draws one part of the page from what is Shown, and from nothing else."""
