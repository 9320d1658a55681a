"""A database role that can do more than read, as the page and the log of a real server tell it."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import StartServer, expect_connected, sign_in

SELECT = "SELECT 'a' AS id, 'queued' AS status, now() AS created_at"


def config(unsafe_role: str) -> str:
    return f"""
        [sources.tasks]
        url = "env:QUEUE_URL"
        sql = "{SELECT}"
        unsafe_role = "{unsafe_role}"
    """


def test_an_unsafe_role_is_a_line_on_the_page_and_in_the_log(
    start_server: StartServer, postgres_url: str, page: Page
) -> None:
    server = start_server(config=config("warn"), env={"QUEUE_URL": postgres_url})
    sign_in(page, server)
    expect_connected(page)
    expect(page.get_by_text("Unsafe role: source tasks: its role")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("`stillframe doctor tasks` prints the rest")).to_be_visible()
    assert server.log.read_text().count("is a superuser") == 1


def test_a_refused_role_is_told_in_place_of_the_figures(
    start_server: StartServer, postgres_url: str, page: Page
) -> None:
    server = start_server(config=config("refuse"), env={"QUEUE_URL": postgres_url})
    sign_in(page, server)
    expect_connected(page)
    refusal = page.get_by_role("alert").get_by_text("source tasks is not opened")
    expect(refusal).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Unsafe role:")).to_have_count(0)
