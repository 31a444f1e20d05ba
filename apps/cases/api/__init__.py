"""Cases, and what is done about them, over the API."""
