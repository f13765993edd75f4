"""Why the program does not start: sentences for whoever runs it.

What a client of the API hears is `schema/errors.py` and `server/graphql`.
"""


class CannotStart(Exception):  # noqa: N818 (it is a sentence about the machine)
    """Something outside the program must be put right first; its text is one sentence, shown without a traceback."""

    exit_code = 1


class BadSetting(CannotStart):
    """A SLUICEGATE_ variable is unknown, missing or not valid."""

    exit_code = 2
