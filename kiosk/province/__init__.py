"""The other end of the way up: what a province receives, proves, keeps for ever and counts.

Start reading at `intake`: a bundle is judged (judging), appended to the archive, noted in the ledger, answered by a
signed receipt. The archive is the truth; the ledger says what each record of it is worth; the lake is made of both.
A home (home.py) holds all of it, and one process at a time writes there.
"""
