"""What one more person in the busiest offices brings: ``python -m scenarios.studies.one_more_inspector``."""

from __future__ import annotations

from scenarios.studies.what_if import what_if


def main() -> None:
    """Days of the serial sum, of approvals, and in queues, as it is and with more staff."""
    what_if("construction_permit", "after", "more_staff", ("serial_days", "approval_days", "queue_days"))


if __name__ == "__main__":
    main()
