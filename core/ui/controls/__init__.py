"""The sidebar's widgets, which pages share."""
