"""What ends a measurement with one sentence."""


class CannotMeasure(Exception):  # noqa: N818 (it is a sentence about the machine)
    """Something is missing, or an answer is not what it should be."""
