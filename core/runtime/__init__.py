"""Running on one machine for many sessions: a cache that is shared, a fair queue, memory."""
