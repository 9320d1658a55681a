"""The HTTP API: its routes, who may pass, how queries are read and errors told."""
