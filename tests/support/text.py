"""Text as a reader takes it in, whatever lines it is broken into."""


def flat(text: str) -> str:
    """
    All words with one space between them.

    >>> flat("one\\n  two")
    'one two'
    """
    return " ".join(text.split())
