"""Parquet files by table and month, and rollups, made of the archive at any time."""
