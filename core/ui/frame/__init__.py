"""What every page has around it, and what of it runs in the browser."""
