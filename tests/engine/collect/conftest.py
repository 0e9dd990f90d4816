"""Lets the tests of this folder share `sheets_for_tests` under pytest's importlib mode."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
