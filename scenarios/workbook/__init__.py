"""A scenario as a workbook that planners fill, and back: the sheets follow from the models of the language."""
