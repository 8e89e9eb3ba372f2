"""Why nothing can be compared."""


class ComparisonFailed(Exception):
    """The message (Chinese, for people) says what failed and what helps."""
