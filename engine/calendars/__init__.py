"""Calendars and clocks: when offices are open, which days are worked, and how authorities count time."""
