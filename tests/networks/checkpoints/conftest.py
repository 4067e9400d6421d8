"""What reads checkpoints in this process."""

from tests.reading import here as here
