"""Tables as files for people: CSV, XLSX and JSON, streamed, uncapped, with formulas neutralised in text cells."""

from __future__ import annotations

from rasad.release.exports.csv import csv_stream
from rasad.release.exports.json import json_stream
from rasad.release.exports.table import Column, harmless
from rasad.release.exports.xlsx import xlsx_stream

__all__ = ["Column", "csv_stream", "harmless", "json_stream", "xlsx_stream"]
