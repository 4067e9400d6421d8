"""Whom this server trusts with its disk: with checkpoints, weights, and folders of pictures."""

import os
from urllib.parse import urlsplit

import streamlit as st

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


def is_local() -> bool:
    """Whether the server can be reached from this computer alone, and the visitor sits at it."""
    address, host = st.get_option("server.address"), urlsplit(st.context.url or "").hostname
    forwarded = any(header in st.context.headers for header in _FORWARDED)  # by a proxy that others can reach
    return address in _LOOPBACK and host in _LOOPBACK and not forwarded


def is_trusted() -> bool:
    """Whether visitors may load their own checkpoints, remove weights, and audit and open folders by their path.

    As LIMELIGHT_TRUSTED says, else if all is local.
    """
    switch = os.environ.get("LIMELIGHT_TRUSTED", "").strip().lower()
    return switch not in ("0", "false", "no", "off") if switch else is_local()
