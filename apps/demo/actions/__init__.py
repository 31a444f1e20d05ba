"""What makes the pretend lender live."""
