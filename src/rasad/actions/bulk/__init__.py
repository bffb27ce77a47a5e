"""Bulk files: every noun of the register out and in again by CSV and XLSX."""

from rasad.actions.bulk.back import write_refused
from rasad.actions.bulk.load import Imported, RowChange, SheetDone, import_file, import_files
from rasad.actions.bulk.out import export_file, export_sheet, template_file
from rasad.actions.bulk.problems import RecordProblem
from rasad.actions.bulk.wording import Wording, city_ways

__all__ = [
    "Imported",
    "RecordProblem",
    "RowChange",
    "SheetDone",
    "Wording",
    "city_ways",
    "export_file",
    "export_sheet",
    "import_file",
    "import_files",
    "template_file",
    "write_refused",
]
