"""Days counted from the day the sample is made, so that it is as lively next year as today."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Days:
    """Days around `today`, a calendar day."""

    today: date

    def ago(self, days: int) -> date:
        """Return the day `days` days before today."""
        return self.today - timedelta(days=days)

    def ahead(self, days: int) -> date:
        """Return the day `days` days after today."""
        return self.today + timedelta(days=days)

    def at(self, days_ago: int, hour: int = 9) -> datetime:
        """Return an instant, aware UTC, on the day `days_ago` days before today."""
        return datetime.combine(self.ago(days_ago), time(hour), UTC)
