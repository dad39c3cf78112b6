"""What a service says when it will not do what was asked."""


class Refused(Exception):  # noqa: N818 - a sentence for people, not a fault of the program
    """Nothing was written. The text says what was seen, what it means and what to do; `code` names it for look-up."""

    def __init__(self, sentence: str, *, code: str) -> None:
        super().__init__(f"{sentence} [{code}]")
        self.code = code


class NotAllowed(Refused):
    """The person who asked has not the role for it."""
