"""Where pages' styles and scripts are gathered when a server starts."""

from __future__ import annotations

from datetime import UTC, datetime

from whitenoise.storage import CompressedStaticFilesStorage


class FreshFiles(CompressedStaticFilesStorage):  # type: ignore[misc]  # it comes without types
    """
    Copies every file anew when a server starts.

    Dates can't tell which copy is the newer: those of a release may lie before the day on which the old one was gathered, and those of
    a restored store after it. Then the pages of today would come with the styles of yesterday.
    """

    def get_modified_time(self, name: str) -> datetime:
        """Give a day before all others: whatever was gathered is taken to be old."""
        return datetime(1970, 1, 1, tzinfo=UTC)
