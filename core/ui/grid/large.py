"""What is large in a figure goes to the browser by itself, and only when it is another one."""

from hashlib import sha256

import streamlit as st

from core.ui.frame.assets import script

_component = st.components.v2.component("limelight_large", js=script("large.js"), isolate_styles=False)


def keep(key: str, whose: str, data: bytes) -> str:
    """Have the browser keep it; the value is its name there.

    A long message that the browser still has from the run before is not sent again (see `global.minCachedMessageSize`
    of Streamlit's options): a change of colours alone then costs a tenth of the bytes. key: of no other element. whose:
    the browser keeps a few of each.
    """
    name = sha256(data).hexdigest()
    _component(key=key, data=f"{name} {whose}\n".encode() + data)
    return name
