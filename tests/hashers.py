"""The product's way of hashing passwords with the least work: the tests log in often."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Quick(Argon2PasswordHasher):
    """Argon2, once over as little memory as it takes."""

    time_cost = 1
    memory_cost = 8  # KiB
    parallelism = 1
