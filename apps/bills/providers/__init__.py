"""What a door hands out on paper."""
