"""The grid as one Plotly figure: values in, a figure out; nothing here knows of Streamlit."""
