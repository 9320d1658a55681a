"""Names of the files in an evidence ZIP. Pure."""

MANIFEST = "SHA256SUMS"
REPORT = "report.html"
LOG = "metrics.log"
READ_ME = "README.txt"
COMPARISON = "comparison.json"


def snapshot_file(folder: str) -> str:
    """
    >>> snapshot_file("before")
    'before/snapshot.json'
    """
    return f"{folder}/snapshot.json"
