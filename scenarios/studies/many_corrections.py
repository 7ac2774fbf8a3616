"""What a correction rate of 30 % does to opening a company: ``python -m scenarios.studies.many_corrections``."""

from __future__ import annotations

from scenarios.studies.what_if import what_if


def main() -> None:
    """Days in all and with the applicant, at 15 % and at 30 %."""
    what_if("enterprise_opening", "after", "more_corrections", ("working_days", "elapsed_days", "applicant_days"))


if __name__ == "__main__":
    main()
