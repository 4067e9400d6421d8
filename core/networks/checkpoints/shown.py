"""Names out of a stranger's file, as a message may hold them."""

import re


def shown(name: str) -> str:
    """A name that is short, and in which nothing draws or links."""
    plain = re.sub(r"[^\w.\-]", "\N{MIDDLE DOT}", name)
    return plain if len(plain) <= 60 else f"{plain[:40]}…{plain[-19:]}"
