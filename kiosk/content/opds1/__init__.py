"""Catalogues of others: OPDS 1.2 (Atom), as Kiwix and calibre give it, read into a pack of ours.

entries.py reads what a feed says, pages.py follows its pages; the files come from beside it (folder.py) or over the
network (fetch.py). What cannot be taken is told entry by entry, and the rest comes in.
"""
