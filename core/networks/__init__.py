"""From a name to a network: the catalogue, its graph, its weights, and a reader's own checkpoints."""
