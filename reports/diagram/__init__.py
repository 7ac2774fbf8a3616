"""Diagrams: an own drawing of BPMN from its drawing data, for SVG, PNG and HTML.

Order of the parts: a sheet (`engine.diagram.sheet`) and a `Look` -> ``drawing`` places shapes (``scene``) ->
``picture`` puts several drawings on one page -> ``svg`` writes them or ``painting`` paints them.
What stands where is decided before the last step, so that every medium shows the same.
"""
