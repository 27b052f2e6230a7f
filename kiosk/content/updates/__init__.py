"""The province's tree of content: made and signed there (publishing.py), fetched and taken over here (updating.py)."""
