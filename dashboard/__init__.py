"""How a snapshot is shown: no SQL, no arithmetic on tasks."""
