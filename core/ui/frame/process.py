"""What pages change of the whole process, for all sessions alike."""

from streamlit import config


def allow_uploads(size: int) -> None:
    """Let files of so many bytes be uploaded; every place for files has a limit of its own."""
    config.set_option("server.maxUploadSize", size // 2**20)
