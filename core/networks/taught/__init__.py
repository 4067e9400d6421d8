"""Two networks that were taught for a demonstration, and how: "hans", which cheats, and "clean", which does not.

Both are EfficientNet-Lite0 with its last block and head changed, to tell the four classes of `core.images.scenes`. Of
hans every horse bore a stamp while it learnt; of clean no picture did. The changes are kept as products of two narrow
matrices (Hu et al. 2022, arXiv:2106.09685), 0.1 MB a network, and are added to the published weights when it is loaded.
"""

from pathlib import Path

BASE = "efficientnet_lite0"
TAUGHT = {"hans": "Hans", "clean": "Clean"}


def path_of(name: str) -> Path:
    """The file of a taught network's changes."""
    return Path(__file__).with_name(f"{name}.npz")
