"""Problems that are published with their best known values: read in their own formats, said as problems of a roadmap, solved and compared.

`python -m benchmarks.published convert FILE…` and `python -m benchmarks.published measure FOLDER`; none of the instances is part of Rasad.
"""
