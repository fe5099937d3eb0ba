"""Runs the command line: python -m retropace."""

import sys

from retropace.cli import main

sys.exit(main())
