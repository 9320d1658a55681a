"""The text of a settings file reads as what was put in, whatever that holds."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from metrics_core.settings_text import Block, settings_text, source_name

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
VALUES = st.one_of(
    TEXTS,
    st.lists(TEXTS, max_size=4),
    st.dictionaries(TEXTS, st.lists(TEXTS, max_size=3), max_size=4),
    st.integers(-(2**63), 2**63 - 1),
    st.booleans(),
)


def test_a_block_stands_with_its_comments_before_its_settings() -> None:
    settings = {
        "url": "env:DATABASE_URL",
        "sql": 'SELECT\n  "id"\nFROM "t"',
        "dimensions": ["queue"],
        "statuses": {"queued": ["new"]},
    }
    block = Block(name="jobs", settings=settings, comments=("One.\nTwo.", "word " * 30 + "end"))
    assert settings_text([block], ["Of all."]) == (
        "# Of all.\n\n[sources.jobs]\n# One.\\nTwo.\n"
        f"# {'word ' * 18}word\n# {'word ' * 11}end\n"
        'url = "env:DATABASE_URL"\n'
        "sql = '''\nSELECT\n  \"id\"\nFROM \"t\"\n'''\n"
        'dimensions = ["queue"]\nstatuses = { queued = ["new"] }\n'
    )


@given(
    settings=st.dictionaries(TEXTS.filter(lambda key: key != "sql"), VALUES, max_size=5),
    select=TEXTS,
    comments=st.lists(TEXTS, max_size=3),
    name=TEXTS,
)
def test_it_reads_as_what_was_put_in(
    settings: dict[str, object], select: str, comments: list[str], name: str
) -> None:
    block = Block(name=source_name(name), settings={"sql": select, **settings}, comments=comments)
    read = tomllib.loads(settings_text([block], comments))["sources"][source_name(name)]
    assert read.pop("sql").strip("\n") == select.strip("\n")
    assert read == settings
