"""Workbooks for Excel and WPS: real numbers, native charts, and no name that is ever calculated."""
