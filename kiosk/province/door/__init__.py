"""`kiosk province serve`: what stations ask over HTTPS, and the certificates and the card by which they know it."""
