"""The scenario language, schema 1, as strict and frozen models.

Every key is described where it stands: the reference of the language and the JSON Schema are written from here.
"""

from scenarios.schema.scenario import Scenario

__all__ = ["Scenario"]
