"""`python -m rasad` is `rasad`."""

from rasad.cli import main

main()
