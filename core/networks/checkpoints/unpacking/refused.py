"""The only error that says what is wrong with a file; any other means that it is damaged."""


class Refused(Exception):
    """Why nothing is taken: a word that checkpoint.py has a sentence for, and what it is about."""

    def __init__(self, reason: str, name: str = "") -> None:
        super().__init__(reason, name)
        self.reason, self.name = reason, name
