"""How large a file may be. An office's exports stay far below; what is above is refused before it fills the memory."""

MAX_BYTES = 2_000_000_000
"""Size of a file, and of all that an archive or a compressed file holds, unpacked."""
MAX_RATIO = 250
"""How many times its packed size a file may be, once it is larger than `RATIO_FROM`. Ledgers pack to a tenth or a fiftieth."""
RATIO_FROM = 100_000_000
MAX_CELL = 10_000_000
"""Characters of one cell."""
MAX_COLUMNS = 2_000
MAX_AREA = 60_000_000
"""Cells of one sheet of a workbook, empty ones in between counted: a workbook can claim any size in a few bytes."""
MAX_MARKUP = 300_000_000
"""Size of a web page or of a workbook in XML: it is read whole."""
MAX_DEPTH = 100
"""Elements, or tables, within one another."""
MAX_MEMBERS = 2_000
"""Files in an archive."""
CHUNK = 50_000
"""Rows that are turned into columns at a time."""
