"""Why signing in by the provider does not come about: the reason is for the log, in words of our own."""


class Distrusted(Exception):  # noqa: N818 (it is a sentence about a sign-in)
    """What came back is not what was asked for, or nothing that may be believed; the person may not come in."""


class Unreachable(Exception):  # noqa: N818 (it is a sentence about the provider)
    """The provider does not answer, or not as one does; another attempt may succeed."""
