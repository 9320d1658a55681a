"""Who is signed in, and for how long."""

from dashboard.passwords import hash_password
from dashboard.sessions import SESSION_SECONDS, Sessions, declared_name

HASH = hash_password("quiet-otter-lantern-42", salt=b"a fixed salt")
NOW = 1_770_000_000.0


def test_a_token_proves_its_session() -> None:
    sessions = Sessions(HASH)
    begun, token = sessions.begin(" Ada ", now=NOW)
    assert sessions.session_of(token, now=NOW + 1) == begun
    assert begun.name == "Ada"


def test_a_changed_or_foreign_token_proves_nothing() -> None:
    sessions = Sessions(HASH)
    _, token = sessions.begin("Ada", now=NOW)
    assert sessions.session_of(token[:-2] + "xx", now=NOW) is None
    assert sessions.session_of("", now=NOW) is None
    assert sessions.session_of("ü.ü", now=NOW) is None


def test_each_session_has_its_own_id() -> None:
    sessions = Sessions(HASH)
    assert sessions.begin("", now=NOW)[0].id != sessions.begin("", now=NOW)[0].id


def test_a_session_lasts_twelve_hours_and_not_a_second_longer() -> None:
    sessions = Sessions(HASH)
    session, token = sessions.begin("", now=NOW)
    assert sessions.session_of(token, now=NOW + SESSION_SECONDS - 1) is not None
    assert sessions.still_signed_in(session.id, now=NOW + SESSION_SECONDS - 1)
    assert sessions.session_of(token, now=NOW + SESSION_SECONDS) is None
    assert not sessions.still_signed_in(session.id, now=NOW + SESSION_SECONDS)


def test_a_sign_in_outlives_a_restart_with_the_same_password() -> None:
    session, token = Sessions(HASH).begin("Ada", now=NOW)
    restarted = Sessions(HASH)
    assert restarted.session_of(token, now=NOW) == session
    assert restarted.cookie_name == Sessions(HASH).cookie_name


def test_a_new_password_signs_everybody_out() -> None:
    _, token = Sessions(HASH).begin("Ada", now=NOW)
    changed = Sessions(hash_password("another-otter-lantern-43"))
    assert changed.session_of(token, now=NOW) is None
    assert changed.cookie_name != Sessions(HASH).cookie_name


def test_signing_out_voids_the_token_and_closes_every_stream_of_that_session_only() -> None:
    sessions = Sessions(HASH)
    mine, token = sessions.begin("", now=NOW)
    other, other_token = sessions.begin("", now=NOW)
    sessions.session_of(token, now=NOW), sessions.session_of(other_token, now=NOW)
    closed: list[str] = []
    with (
        sessions.stream(mine, lambda: closed.append("first tab")),
        sessions.stream(mine, lambda: closed.append("second tab")),
        sessions.stream(other, lambda: closed.append("other")),
    ):
        sessions.end(mine.id, now=NOW + 5)
    assert sorted(closed) == ["first tab", "second tab"]
    assert sessions.session_of(token, now=NOW + 6) is None
    assert not sessions.still_signed_in(mine.id, now=NOW + 6)
    assert sessions.still_signed_in(other.id, now=NOW + 6)


def test_a_stream_that_opens_while_its_session_is_signed_out_is_closed_at_once() -> None:
    sessions = Sessions(HASH)
    session, _ = sessions.begin("", now=NOW)
    sessions.end(session.id, now=NOW)
    closed: list[str] = []
    with sessions.stream(session, lambda: closed.append("late")):
        assert closed == ["late"]


def test_a_stream_that_is_over_is_not_closed_again() -> None:
    sessions = Sessions(HASH)
    session, _ = sessions.begin("", now=NOW)
    closed: list[str] = []
    with sessions.stream(session, lambda: closed.append("gone")):
        pass
    sessions.end(session.id, now=NOW)
    assert closed == []


def test_a_session_never_seen_is_not_signed_in() -> None:
    assert not Sessions(HASH).still_signed_in("made-up", now=NOW)


def test_forgetting_a_sign_out_for_lack_of_room_lets_no_old_token_in_again() -> None:
    sessions = Sessions(HASH, remembered=3)
    stolen, token = sessions.begin("", now=NOW)
    sessions.end(stolen.id, now=NOW + 10)
    for second in range(20, 30):
        session, _ = sessions.begin("", now=NOW + second)
        sessions.end(session.id, now=NOW + second)
    assert sessions.session_of(token, now=NOW + 40) is None
    _, fresh = sessions.begin("", now=NOW + 40)
    assert sessions.session_of(fresh, now=NOW + 40) is not None


def test_sign_outs_of_sessions_that_are_over_anyway_are_forgotten() -> None:
    sessions = Sessions(HASH, remembered=1)
    first, _ = sessions.begin("", now=NOW)
    sessions.end(first.id, now=NOW)
    _, later_token = sessions.begin("", now=NOW + SESSION_SECONDS)
    second, _ = sessions.begin("", now=NOW + SESSION_SECONDS)
    sessions.end(second.id, now=NOW + SESSION_SECONDS)
    assert sessions.session_of(later_token, now=NOW + SESSION_SECONDS) is not None


def test_a_declared_name_is_one_line_of_at_most_eighty_characters() -> None:
    assert declared_name("  Ada\r\n\x1b[31mLovelace\u2028 ") == "Ada [31mLovelace"
    assert declared_name("Łukasz 李") == "Łukasz 李"
    assert declared_name("x" * 200) == "x" * 80
    assert declared_name("\u202e\x00 \u200b") is None
    assert declared_name("\ud800") is None
