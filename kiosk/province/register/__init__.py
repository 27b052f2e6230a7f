"""The register of sites: what is true of each on any day, and how it is changed by files of a clerk."""
