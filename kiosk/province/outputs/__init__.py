"""What leaves the board: the report on paper, the workbook, tables for machines, DHIS2. Start at `gather.py`."""
