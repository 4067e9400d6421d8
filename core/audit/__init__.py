"""Many pictures, several networks: what holds beyond one picture. Without Streamlit; `python -m core.audit`."""
