"""The scenario language, schema 1, as strict and frozen models.

Every key is described where it stands: the reference of the language and its JSON Schema are written from it.
"""

from scenarios.schema.scenario import Scenario

__all__ = ["Scenario"]
