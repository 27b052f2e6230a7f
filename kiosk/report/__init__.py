"""What a period was like at this station. Start at `reports.py`; figures are defined in rules/indicators.py."""

from kiosk.report.model import Report
from kiosk.report.reports import Reports

__all__ = ["Report", "Reports"]
