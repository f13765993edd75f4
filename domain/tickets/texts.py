"""The texts of a ticket and their limits."""

from domain.errors import Invalid

LONGEST_SUBJECT = 500  # characters
LONGEST_CONTENT = 65_536  # characters


def clean_subject(subject: str) -> str:
    """The subject without surrounding space. Declines empty ones and those over 500 characters."""
    subject = subject.strip()
    if not subject:
        raise Invalid("Give the ticket a subject.", field=("subject",))
    if len(subject) > LONGEST_SUBJECT:
        raise Invalid(f"The subject is longer than {LONGEST_SUBJECT} characters.", field=("subject",))
    return subject


def check_content(content: str) -> None:
    """Decline descriptions over 65,536 characters."""
    if len(content) > LONGEST_CONTENT:
        raise Invalid(f"The description is longer than {LONGEST_CONTENT} characters.", field=("content",))
