"""An input that a command cannot take."""


class Refused(Exception):  # noqa: N818 - it is the input that was refused, not an error of ours
    """One sentence for the person at the keyboard: what was seen, where, what to do."""

    def __init__(self, sentence: str, exit_code: int = 2) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


REFUSED = 2
OUT_OF_SCOPE = 3
