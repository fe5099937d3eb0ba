"""Runs the command line: python -m retropace."""

import os
import sys

from retropace.cli import main

# Our matrices are small: a second processor only waits for the first, and is missing elsewhere. Numpy is not loaded yet.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.exit(main())
