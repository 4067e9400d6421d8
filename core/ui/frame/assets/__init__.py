"""What goes to the browser as it is: CSS, JavaScript and HTML, in files of their own. How to check them: deno.jsonc."""

import re
from functools import cache
from importlib.resources import files

# Streamlit makes a class of a container's key: CSS has this one as `.st-key-grid`; JavaScript is told, in `data.grid`.
GRID_KEY = "grid"


@cache
def text(name: str) -> str:
    """A whole file, such as "page.css"."""
    return files(__name__).joinpath(name).read_text("utf-8")


def script(name: str) -> str:
    """JavaScript in one piece, as a component takes it: what it imports from a file beside it stands in it."""
    imports = r"import \{.+?\} from '\./(\w+\.js)'\n"
    return re.sub(imports, lambda found: text(found[1]).replace("export const", "const"), text(name))


def style(css: str) -> str:
    """CSS as st.html takes it."""
    return f"<style>{css}</style>"


def lasting_style(css: str) -> str:
    """The same beside an element: a style alone is gone while a run lasts that has not come to it."""
    return "<i hidden></i>" + style(css)
