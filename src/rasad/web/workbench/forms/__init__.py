"""The forms of the workbench, one file per noun."""
