"""The application's own Python files."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTHON = {
    path: path.read_text() for path in [ROOT / "streamlit_app.py", *ROOT.glob("pages/*.py"), *ROOT.glob("core/**/*.py")]
}
