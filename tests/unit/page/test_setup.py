"""Setup on the page: the doctor's report, read once it is opened, by no refresh."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.unit.page.conftest import OpenPage, Reads, press, recent, settings_of, text_of


def unfold(page: AppTest) -> AppTest:
    page.session_state["setup"] = True
    return page.run()


@pytest.fixture
def opened(open_page: OpenPage, tmp_path: Path, reads: Reads) -> AppTest:
    rows = [recent(f"t{n}", "completed", ago=60 + n) for n in range(3)]
    odd = [recent("odd", "<b>weird</b>", ago=70)]
    return open_page(settings_of(tmp_path, *rows, *odd))


def test_nothing_is_examined_until_it_is_opened(opened: AppTest, reads: Reads) -> None:
    opened.run()
    assert opened.expander[-1].label.startswith("Setup")
    assert reads == []
    assert "<dt>columns</dt>" not in text_of(opened)


def test_what_is_wrong_comes_first_with_what_to_do(opened: AppTest, reads: Reads) -> None:
    text = text_of(unfold(opened))
    assert reads == [("setup",)]
    assert "There is something to do about: rows. Examined at " in text
    fault = text.index("NOT GOOD: Rows with the status")
    assert fault < text.index("<dt>server</dt><dd><p><bdi>SQLite 3.")
    assert "</b><bdi>say what it means under [sources.tasks], as: statuses" in text
    assert "<dt>columns</dt>" in text


def test_no_refresh_examines_again_but_who_asks_for_it(opened: AppTest, reads: Reads) -> None:
    unfold(opened).run()
    opened.query_params["minutes"] = "30"
    opened.run()
    assert len(reads) == 1
    press(opened, "setup-examine-again")
    assert len(reads) == 2


def test_a_database_that_does_not_answer_is_told(
    opened: AppTest, reads: Reads, tmp_path: Path
) -> None:
    (tmp_path / "tasks.db").unlink()
    text = text_of(unfold(opened))
    assert "Not examined: source tasks: there is no SQLite file at " in text
    assert opened.button("setup-try-again").label == "Try again"


def test_another_source_is_examined_when_it_is_asked_for(
    open_page: OpenPage, tmp_path: Path, reads: Reads
) -> None:
    settings = settings_of(tmp_path, recent("t", "completed", ago=60))
    page = unfold(open_page(settings + settings.replace("sources.tasks", "sources.others")))
    page.query_params["source"] = "others"
    assert "This report was of another source." in text_of(page.run())
    assert len(reads) == 1
    press(page, "setup-examine-it")
    assert "<dt>source</dt><dd><p><bdi>others</bdi></p></dd>" in text_of(page)
