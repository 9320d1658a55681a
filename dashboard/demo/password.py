"""A password for one run of the demo: easy to read aloud, hard to guess."""

import secrets

ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"  # 32 signs: without 0, 1, l and o, which look alike
GROUPS, GROUP_LENGTH = 4, 4


def one_time_password() -> str:
    """A new password of 80 random bits, such as `k3vq-7m2x-w9fd-4hzt`."""
    return "-".join(
        "".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)
    )
