"""The one-time password is hard to guess."""

import re

from dashboard.demo import one_time_password


def test_a_one_time_password_has_80_random_bits() -> None:
    passwords = {one_time_password() for _ in range(200)}
    assert len(passwords) == 200
    group = "[2-9abcdefghijkmnpqrstuvwxyz]{4}"
    assert all(re.fullmatch(f"{group}-{group}-{group}-{group}", p) for p in passwords)
    assert len(set("".join(passwords)) - {"-"}) == 32
