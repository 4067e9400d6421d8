"""From values to the screen: one folder a page, and what pages share."""
