"""From a network and an input to gradients and maps, and how maps compare."""
