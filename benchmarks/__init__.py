"""How fast Rasad is, against named peers on the same input in one run: `make bench`."""
