"""XML from strangers, parsed without trusting it: no DTD, no entities, no network, no giants.

Bytes go in, so that the encoding of the XML declaration is honoured. What libxml2 complains about is said in
our own words, with its line and column.
"""

from __future__ import annotations

import re
from typing import Final, cast

from lxml import etree

from engine.errors import BadInput, Finding

__all__ = ["line_of", "parse", "short"]

# libxml2's error codes (xmlerror.h) that mean one and the same thing to a planner.
_ENTITY_CODES: Final = frozenset({23, 25, 26, 27, 28, 88, 89, 104})
_ENCODING_CODES: Final = frozenset({31, 32, 81, 1544, 6000, 6001, 6003})
_LIMIT_CODES: Final = frozenset({114})
_SENTENCES: Final = {
    4: "not_xml_start",
    5: "not_xml_rest",
    9: "not_xml_character",
    38: "not_xml_attribute",
    39: "not_xml_attribute",
    40: "not_xml_attribute",
    41: "not_xml_attribute",
    42: "not_xml_attribute",
    57: "not_xml_declaration",
    65: "not_xml_declaration",
    73: "not_xml_tag",
    76: "not_xml_tag",
    77: "not_xml_tag",
    201: "not_xml_prefix",
}

# How files begin that are sent in the place of a diagram.
_SIGNATURES: Final = (
    (b"pk\x03\x04", "ZIP (.vsdx, .docx, .xlsx, .bpm)"),
    (b"\xd0\xcf\x11\xe0", "Microsoft Office (.vsd, .doc, .xls)"),
    (b"%pdf", "PDF"),
    (b"\x89png", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"{", "JSON"),
)

_DECLARED_ENCODING: Final = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")


def parse(data: bytes, file: str, keep_comments: bool = False) -> etree._Element:
    """The root element of an XML document.

    Lines (`sourceline`) are those on which a start tag ends, exact below line 65536; libxml2 stores no more
    than 16 bits with an element and guesses the rest from the text around it.

    Args:
        data: The document as it stands on disk.
        file: Its name, for findings.
        keep_comments: Comments and processing instructions too, for writing it again.

    Raises:
        BadInput: It is empty, no XML, in another encoding than it says, or has a DTD or entities.
    """
    start = data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not start:
        raise BadInput([Finding("diagram.empty", file=file)])
    for signature, name in _SIGNATURES:
        if start.startswith(signature):
            raise BadInput([Finding("diagram.other_format", {"format": name}, file=file)])
    # A parser keeps the log of its errors, so every document has its own.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=not keep_comments,
        remove_pis=not keep_comments,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BadInput([_complaint(error, data, file)]) from None
    information = root.getroottree().docinfo
    if information.internalDTD is not None:
        before = data[: max(0, data.find(b"<!DOCTYPE"))]  # not found in UTF-16: then the first line is named
        raise BadInput([Finding("diagram.dtd", file=file, line=1 + before.count(b"\n"))])
    if _is_utf8_by_another_name(data, information.encoding):
        values = {"encoding": information.encoding}
        raise BadInput([Finding("diagram.encoding", values, file=file, line=1)])
    return root


def line_of(node: etree._Element) -> int:
    """The line of an XML element, from 1."""
    return cast("int | None", node.sourceline) or 1


def short(text: str) -> str:
    """Text of a file as a finding quotes it: on one line, and not endless."""
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"


def _complaint(error: etree.XMLSyntaxError, data: bytes, file: str) -> Finding:
    """What libxml2 said first, in our words."""
    line, column = error.position
    code: int = getattr(error, "code", 0)
    if code in _ENTITY_CODES or (code in _LIMIT_CODES and "mplification" in (error.msg or "")):
        return Finding("diagram.entity", file=file, line=line, column=column)
    if code in _LIMIT_CODES:
        return Finding("diagram.too_large", file=file, line=line, column=column)
    if code in _ENCODING_CODES:
        declared = _DECLARED_ENCODING.search(data[:400])
        values = {"encoding": declared.group(1).decode("ascii") if declared else "UTF-8"}
        return Finding("diagram.encoding", values, file=file, line=line, column=column)
    sentence = _SENTENCES.get(code, "not_xml")
    return Finding(f"diagram.{sentence}", file=file, line=line, column=column)


def _is_utf8_by_another_name(data: bytes, declared: str | None) -> bool:
    """Whether Chinese UTF-8 says that it is something else, which libxml2 reads as other characters.

    Text in GBK or Latin 1 is not valid UTF-8 throughout, three-byte characters included, but by a freak.
    """
    if (declared or "UTF-8").upper().startswith(("UTF", "UCS", "ISO-10646")):
        return False
    try:
        return any(character > "\u07ff" for character in data.decode("utf-8"))
    except UnicodeDecodeError:
        return False
