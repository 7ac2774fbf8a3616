"""The subset of XPath 1.0 that BPSim needs, as conditions of the scenario language.

Numbers, texts, ``getProperty('name')``, ``+ - * div``, comparisons, ``and or not()``, ``true() false()``, brackets;
and of ``getResource('name', quantity)`` the names. Nothing is evaluated here: the result is text for the safe compiler.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from scenarios.interchange.imported import RefusedError

__all__ = ["condition_of", "resources_of"]

_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<text>'[^']*'|"[^"]*")
    |(?P<name>(?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*)|(?P<sign><=|>=|!=|[-+*=<>(),\[\]]))""",
    re.VERBOSE,
)
LONGEST: Final = 1000


def _tokens(text: str) -> list[tuple[str, str]]:
    if len(text) > LONGEST:
        raise RefusedError("xpath", text=text[:40], part="its length")
    tokens, position = [], 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise RefusedError("xpath", text=text[:80], part=text[position : position + 10])
        kind = str(match.lastgroup)
        word = match[kind]
        if kind == "name":
            word = word.rpartition(":")[2]
        tokens.append((kind, word))
        position = match.end()
    return tokens


def condition_of(text: str, name_of: Callable[[str], str]) -> str:
    """The condition or expression in the words of the language.

    Args:
        text: XPath.
        name_of: From the name of a property to that of the attribute.

    Raises:
        RefusedError: It is outside the subset; the part is named.
    """
    return _Parser(text, name_of).whole()


class _Parser:
    """Translates word by word; brackets must close, and what follows what is left to the compiler of conditions."""

    def __init__(self, text: str, name_of: Callable[[str], str]) -> None:
        self.text = text
        self.name_of = name_of
        self.tokens = _tokens(text)
        self.at = 0

    def refuse(self, part: str) -> RefusedError:
        return RefusedError("xpath", text=self.text[:80], part=part)

    def next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise self.refuse("its end")
        self.at += 1
        return self.tokens[self.at - 1]

    def take(self, word: str) -> None:
        if self.next()[1] != word:
            raise self.refuse(self.tokens[self.at - 1][1])

    def whole(self) -> str:
        words = []
        while self.at < len(self.tokens):
            kind, word = self.next()
            if kind == "number":
                words.append(word)
            elif kind == "text":
                words.append('"' + word[1:-1].replace('"', "") + '"')
            elif kind == "sign":
                if word in "[],":
                    raise self.refuse(word)
                words.append("==" if word == "=" else word)
            else:
                words.append(self.word(word))
        return " ".join(words).replace("( ", "(").replace(" )", ")")

    def word(self, word: str) -> str:
        if word == "getProperty":
            self.take("(")
            kind, name = self.next()
            if kind != "text":
                raise self.refuse(name)
            self.take(")")
            return self.name_of(name[1:-1])
        if word in ("true", "false"):
            self.take("(")
            self.take(")")
            return word
        if word in ("and", "or", "not"):
            return word
        if word == "div":
            return "/"
        raise self.refuse(word)


def resources_of(text: str) -> tuple[list[tuple[str, int]], bool]:
    """The resources that a selection asks for, ``(name, quantity)``, and whether some were alternatives (left out).

    Raises:
        RefusedError: It is no combination of ``getResource`` by ``and`` and ``or``.
    """
    tokens = _tokens(text)
    found: list[tuple[str, int]] = []
    alternatives, at, is_other = False, 0, False
    while at < len(tokens):
        kind, word = tokens[at]
        if word == "getResource" and len(tokens) >= at + 6 and tokens[at + 2][0] == "text":
            name, quantity = tokens[at + 2][1][1:-1], tokens[at + 4][1]
            if [tokens[at + 1][1], tokens[at + 3][1], tokens[at + 5][1]] != ["(", ",", ")"] or not quantity.isdigit():
                raise RefusedError("xpath", text=text[:80], part=word)
            if is_other:
                alternatives = True
            else:
                found.append((name, int(quantity)))
            at += 6
        elif (
            word == "getResource" and len(tokens) >= at + 4 and tokens[at + 2][0] == "text" and tokens[at + 3][1] == ")"
        ):
            if is_other:
                alternatives = True
            else:
                found.append((tokens[at + 2][1][1:-1], 1))
            at += 4
        elif word in ("and", "or"):
            is_other = word == "or"
            at += 1
        elif word in "()" and kind == "sign":
            at += 1
        else:
            raise RefusedError("xpath", text=text[:80], part=word)
    return found, alternatives
