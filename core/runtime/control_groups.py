"""Linux's control groups, by which containers are limited."""

from pathlib import Path


def control_groups(controller: str) -> list[Path]:
    """The folders whose files may limit this process, its own group's and those above it; [] where there are none.

    controller: of version 1, such as "memory". A folder of version 2 is for all of them.
    """
    membership, mounts = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")
    try:
        lines = membership.read_text().splitlines()
    except OSError:  # not Linux
        return []
    found: list[Path] = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers == "":  # version 2
            root = mounts
        elif controller in controllers.split(","):
            root = mounts / controller
        else:
            continue
        # In a container, the path is often the host's: then the limit stands at the root.
        group = root / path.lstrip("/")
        found += [folder for folder in (group, *group.parents) if folder.is_relative_to(root)]
    return found


def numbers_in(file: Path) -> list[int]:
    """What a file of theirs says; [] if it says that there is no limit, or if there is no such file."""
    try:
        words = file.read_text().split()
    except OSError:
        return []
    return list(map(int, words)) if all(word.isdecimal() for word in words) else []
