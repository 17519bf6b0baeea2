"""Reads KOMBIT's privileges: a base64 OIO-BPP document that says what somebody may do, and for which CVR number."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

LARGEST = 65_536  # characters of base64; a caseworker with every privilege of a municipality has some thousand
# The profile's namespaces, versions 1.0 and 1.2; the elements inside the list may stand in it or in none.
NAMESPACES = frozenset(
    {"http://itst.dk/oiosaml/basic_privilege_profile", "http://digst.dk/oiosaml/basic_privilege_profile"}
)
SCOPE = "urn:dk:gov:saml:cvrNumberIdentifier:"
KLE = "urn:dk:kombit:KLE"


class BrokenPrivileges(ValueError):
    """The privileges could not be read."""


@dataclass(frozen=True)
class PrivilegeGroup:
    """What somebody may do for the organisation of this CVR number, within these constraints (name to values)."""

    cvr: str
    privileges: frozenset[str]
    constraints: Mapping[str, tuple[str, ...]]


def read(encoded: str) -> tuple[PrivilegeGroup, ...]:
    """The groups whose scope is a CVR number, in the document's order; other scopes give nothing here.

    Raises BrokenPrivileges for what is too large, is no base64, no XML or no list of privileges, or brings a document
    type or entities of its own.
    """
    root = _document(encoded)
    if _name(root) != "PrivilegeList":
        raise BrokenPrivileges("the document is no PrivilegeList")
    groups = (_group(child) for child in root if _name(child) == "PrivilegeGroup")
    return tuple(group for group in groups if group)


def _document(encoded: str) -> Element:
    if len(encoded) > LARGEST:
        raise BrokenPrivileges(f"the privileges are longer than {LARGEST} characters")
    try:
        document = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        raise BrokenPrivileges("the privileges are no base64") from None
    try:
        root: Element = fromstring(document, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except ParseError:
        raise BrokenPrivileges("the privileges are no XML") from None
    except (ValueError, LookupError):  # what defusedxml forbids is a ValueError; an unknown encoding is either
        raise BrokenPrivileges("the privileges bring a document type, entities or an encoding of their own") from None
    return root


def _group(element: Element) -> PrivilegeGroup | None:
    scope = element.get("Scope", "")
    if not scope.startswith(SCOPE):
        return None
    cvr = scope.removeprefix(SCOPE).strip()
    if not re.fullmatch(r"\d{8}", cvr, re.ASCII):
        raise BrokenPrivileges("a scope is no CVR number")
    constraints: dict[str, tuple[str, ...]] = {}
    for name, text in _constraints(element):
        constraints[name] = (*constraints.get(name, ()), *re.split(r"[,;\s]+", text))
    granted = ((child.text or "").strip() for child in element if _name(child) == "Privilege")
    return PrivilegeGroup(cvr, frozenset(filter(None, granted)), constraints)


def _constraints(element: Element) -> Iterator[tuple[str, str]]:
    for child in element:
        if _name(child) == "Constraint":
            name, text = child.get("Name", "").strip(), (child.text or "").strip()
            if not name or not text:
                raise BrokenPrivileges("a constraint lacks its name or its value")
            yield name, text


def _name(element: Element) -> str:
    """The element's name where it is one of the profile, else nothing."""
    namespace, _, name = element.tag.removeprefix("{").rpartition("}")
    return name if not namespace or namespace in NAMESPACES else ""
