#!/usr/bin/env python3
"""The one way into Whiteslip: `python3 manage.py <command>`, on a machine with Python 3.11 and pip and nothing else."""

import sys

from config import bootstrap

if __name__ == "__main__":
    sys.exit(bootstrap.main(sys.argv))
