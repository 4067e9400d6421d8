"""Errors that a reader can fix; every message is one or two sentences fit to show.

LimelightError
├── DiskError             the server's disk takes no more files
├── ImageError            the bytes are not a picture that can be used
│   ├── NoRoom            it could not be read for want of room on the server's disk
│   └── FetchError        the address did not give a picture
├── NetworkError          the network cannot be used, or not like this
│   ├── UnknownNetwork    no network has this name
│   ├── WeightsMissing    the weights file is not on this computer
│   ├── WeightsDamaged    the weights file is not what its name says
│   ├── DownloadError     the weights could not be downloaded
│   ├── CheckpointError   a checkpoint of one's own cannot be used, or not like this
│   ├── RuleUnavailable   the rule means nothing for this network
│   ├── UnknownClass      the target is not a class of this network
│   ├── SameClass         a class was to be contrasted with itself
│   └── LayerUnavailable  the network has no layer that a map of places can look at
├── MethodError           there is no such method, or its parts cannot be combined
├── AuditError            an audit cannot be made, gone on with or opened
└── ManifestError         the manifest of a comparison cannot be written, read or followed

Programming mistakes (wrong shapes, wrong types) stay ValueError and TypeError.
"""

import errno
from pathlib import Path


class LimelightError(Exception):
    """Something the reader can fix; str(error) says what happened and what to do."""


class DiskError(LimelightError):
    """The server's disk takes no more files. FULL: what the system then says, an errno."""

    FULL = (errno.ENOSPC, errno.EDQUOT)

    def __init__(self) -> None:
        super().__init__("The server's disk is full: make room there, then try again.")


class ImageError(LimelightError):
    """The bytes are not a picture that can be used."""


class NoRoom(ImageError):
    """The picture may be whole, and could not be read for want of room on the server's disk."""

    def __init__(self) -> None:
        super().__init__("The server's disk has no room for reading this picture: make room there, then try again.")


class FetchError(ImageError):
    """The address did not give a picture."""


class NetworkError(LimelightError):
    """The network cannot be used, or not in the way that was asked."""


class UnknownNetwork(NetworkError):
    """No network has this name."""

    def __init__(self, name: str, close: list[str]) -> None:
        hint = f" Did you mean {' or '.join(close)}?" if close else ""
        super().__init__(f"There is no network called {name!r}.{hint}")


class WeightsMissing(NetworkError):
    """The weights file is not on this computer."""

    def __init__(self, title: str, path: Path, url: str, size: int) -> None:
        self.path, self.url, self.size = path, url, size
        super().__init__(
            f"The weights of {title} ({size / 1e6:.0f} MB) are not on this computer. "
            f"Download them on the Models page, or fetch {url} on another machine and save it as {path}."
        )


class WeightsDamaged(NetworkError):
    """The weights file is not what its name says."""

    def __init__(self, title: str, path: Path, reason: str) -> None:
        super().__init__(f"The weights file of {title} cannot be used: {reason}. Delete {path} and download it again.")


class DownloadError(NetworkError):
    """The weights could not be downloaded."""


class CheckpointError(NetworkError):
    """A checkpoint of one's own cannot be used, or not in the way that was asked."""


class RuleUnavailable(NetworkError):
    """The rule means nothing for this network."""

    def __init__(self, rule: str, activations: str) -> None:
        super().__init__(
            f"{rule.capitalize()} needs rectifiers (ReLU) and this network has none ({activations}): "
            "the map would equal vanilla."
        )


class UnknownClass(NetworkError):
    """The target is not a class of this network."""

    def __init__(self, target: int, classes: int) -> None:
        super().__init__(f"Class {target} does not exist: this network has classes 0 to {classes - 1}.")


class SameClass(NetworkError, ValueError):
    """A class was to be contrasted with itself, which would give a map of zeros."""

    def __init__(self, target: int) -> None:
        super().__init__(f"Class {target} cannot be compared with itself: choose another class on one side.")


class LayerUnavailable(NetworkError):
    """The network has no such layer, or none that knows places."""


class MethodError(LimelightError):
    """There is no such method, or its parts cannot be combined."""


class AuditError(LimelightError):
    """An audit cannot be made, gone on with or opened."""


class ManifestError(LimelightError):
    """The manifest of a comparison cannot be written, read or followed."""
