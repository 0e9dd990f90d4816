"""What a file may weigh before it is opened: a return is a table, not a data set."""

from __future__ import annotations

MEGABYTE = 1024 * 1024

MAX_FILE_BYTES = 50 * MEGABYTE
# Unpacked, all parts of one .xlsx together. A return of 1000 cells has about 0.05 MB.
MAX_UNPACKED_BYTES = 150 * MEGABYTE
# Honest sheets pack 1:10 to 1:60; deflate cannot do more than about 1:1030.
MAX_RATIO = 300
# Below this size the ratio is not asked: a small part of one repeated tag harms nobody.
RATIO_FREE_BYTES = 10 * MEGABYTE
MAX_PARTS = 5000
# The block from the first to the last filled cell, which is held in memory as a whole.
MAX_GRID_CELLS = 10_000_000
MAX_FILLED_CELLS = 2_000_000
# Rows of all merged blocks together; honest blocks never overlap, so never come to this.
MAX_MERGED_ROWS = 1_000_000

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
