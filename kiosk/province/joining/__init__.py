"""How PCs come to belong to the province: one-time codes, keys, and the list of them."""
