"""The frame of every page: links, session state, the browser's part."""
