"""How many wrong passwords may be tried, and how long one waits after that."""

from itertools import pairwise

from dashboard.throttle import (
    FORGET_AFTER_SECONDS,
    LONGEST_WAIT_SECONDS,
    STRANGERS_TRIES_A_MINUTE,
    Throttle,
)

NOW = 6000.0


def _waits(throttle: Throttle, address: str, *, tries: int, now: float = NOW) -> list[int]:
    return [throttle.admit(address, now=now) for _ in range(tries)]


def test_five_tries_are_free_and_the_sixth_waits_half_a_minute() -> None:
    assert _waits(Throttle(), "10.0.0.1", tries=7) == [0, 0, 0, 0, 0, 30, 30]


def test_asking_while_waiting_does_not_lengthen_the_wait() -> None:
    throttle = Throttle()
    _waits(throttle, "10.0.0.1", tries=100)
    assert throttle.admit("10.0.0.1", now=NOW + 29.5) == 1
    assert throttle.admit("10.0.0.1", now=NOW + 30) == 0


def test_waits_grow_to_five_minutes_and_no_further() -> None:
    throttle, now, admitted = Throttle(), NOW, []
    for _ in range(12):
        now += throttle.admit("10.0.0.1", now=now)
        assert throttle.admit("10.0.0.1", now=now) in (0, 30)
        admitted.append(now)
        now += 0.001
    gaps = [round(later - earlier) for earlier, later in pairwise(admitted)]
    assert max(gaps) == LONGEST_WAIT_SECONDS


def test_the_right_password_starts_the_client_afresh() -> None:
    throttle = Throttle()
    _waits(throttle, "10.0.0.1", tries=5)
    throttle.welcome("10.0.0.1")
    assert _waits(throttle, "10.0.0.1", tries=6) == [0, 0, 0, 0, 0, 30]


def test_quiet_minutes_start_the_client_afresh() -> None:
    throttle = Throttle()
    _waits(throttle, "10.0.0.1", tries=5)
    later = NOW + FORGET_AFTER_SECONDS + 1
    assert _waits(throttle, "10.0.0.1", tries=6, now=later) == [0, 0, 0, 0, 0, 30]


def test_one_client_does_not_make_another_wait() -> None:
    throttle = Throttle()
    _waits(throttle, "10.0.0.1", tries=50)
    assert throttle.admit("10.0.0.2", now=NOW) == 0


def test_many_addresses_do_not_help() -> None:
    throttle = Throttle()
    waits = [throttle.admit(f"10.0.1.{host}", now=NOW) for host in range(200)]
    assert waits.count(0) == STRANGERS_TRIES_A_MINUTE
    assert set(waits[STRANGERS_TRIES_A_MINUTE:]) == {60}
    assert throttle.admit("10.0.2.1", now=NOW + 60) == 0


def test_the_guesses_of_others_do_not_lock_out_who_has_signed_in_from_there_before() -> None:
    throttle = Throttle()
    throttle.admit("10.0.0.1", now=NOW)
    throttle.welcome("10.0.0.1")
    for host in range(200):
        throttle.admit(f"10.0.1.{host}", now=NOW)
    assert throttle.admit("10.0.0.1", now=NOW) == 0


def test_the_hosts_of_one_ipv6_network_count_as_one_client() -> None:
    throttle = Throttle()
    waits = [throttle.admit(f"2001:db8::{host}", now=NOW) for host in range(1, 8)]
    assert waits == [0, 0, 0, 0, 0, 30, 30]
    assert throttle.admit("2001:db8:0:1::1", now=NOW) == 0


def test_an_address_that_is_none_counts_as_one_client() -> None:
    throttle = Throttle()
    waits = [throttle.admit(text, now=NOW) for text in ("", "a\r\nb", "x", "y", "z", "w")]
    assert waits == [0, 0, 0, 0, 0, 30]


def test_memory_is_bounded() -> None:
    throttle = Throttle(remembered=100, familiar=10)
    for number in range(5_000):
        address = f"10.{number % 250}.{number // 250}.1"
        throttle.admit(address, now=NOW + number * 60)
        throttle.welcome(address) if number % 2 else None
    assert len(throttle._tries) <= 100
    assert len(throttle._familiar) == 10
