"""What a province keeps: the archive of every bundle as it came, and the ledger of what each is worth."""
