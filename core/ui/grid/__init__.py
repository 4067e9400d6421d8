"""The grid on the page: it is filled, drawn, and told in words."""
