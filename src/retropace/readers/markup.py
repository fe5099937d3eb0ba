"""Markup: walks an XML file of any size once, forgiving damage and trusting nothing in it.

Entities are refused, nothing is fetched, and elements are forgotten as soon as they were seen.
"""

import io
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from lxml import etree

from retropace.errors import UnreadableFile
from retropace.readers.mend import added_up
from retropace.recording import Repair

Element = etree._Element  # noqa: SLF001 (lxml has no other name for it)
#: Called with an element's name without namespace, and the element, where it ends.
Visit = Callable[[str, Element], None]

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = bytes(code for code in range(32) if code not in (9, 10, 13))
_DECLARATION = re.compile(rb"<\?xml[^>]*\?>")
_NEXT_DOCUMENT = re.compile(rb"(?<=>)\s*(?=<\?xml\s)")


def local(tag: object) -> str:
    """An element's name without its namespace or undeclared prefix.

    >>> local("{http://www.topografix.com/GPX/1/1}trkpt"), local("ns3:TPX")
    ('trkpt', 'TPX')
    """
    return re.split("[}:]", tag)[-1] if isinstance(tag, str) else ""


@dataclass(frozen=True, slots=True)
class Walk:
    """What to visit: `point` for each element called `leaf`, of which there are thousands, `visit` for those in `tags`.

    Elements are visited where they end, so a part comes after its points.
    """

    leaf: str
    point: Callable[[Element], None]
    tags: Collection[str]
    visit: Visit


def walk(name: str, data: bytes, what: Walk) -> list[Repair]:
    """Visit the elements of a file in its order. Returns what was damaged: `truncated`, `corrupt`.

    Raises UnreadableFile where the file declares entities.
    """
    if b"<!ENTITY" in data[:100_000]:
        raise UnreadableFile(
            "The file declares entities, which no recorder does",
            file=name,
            remedy="Export it again from the application.",
        )
    clean, stripped = _cleaned(data)
    repairs = [Repair("corrupt", stripped)] if stripped else []
    for document in _NEXT_DOCUMENT.split(clean) if clean.count(b"<?xml") > 1 else [clean]:
        repairs += _walk(document, what)
    return list(added_up(repairs))


def _cleaned(data: bytes) -> tuple[bytes, int]:
    """UTF-8 (or what the declaration says) without what XML forbids, and how many stretches were mended for that."""
    if data[:2] in _UTF16:
        text = data.decode("utf-16", errors="replace")
        return _DECLARATION.sub(b"", text.encode("utf-8", errors="replace"), count=1).lstrip(), 0
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\0 \t\r\n")
    mended = 0
    if len(without := data.translate(None, _CONTROL)) != len(data):
        mended += len(re.findall(b"[" + re.escape(_CONTROL) + b"]+", data.rstrip(b"\0"))) or 1
        data = without
    declared = _DECLARATION.match(data)
    if not declared or b"encoding" not in declared.group() or b"utf-8" in declared.group().lower():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            data = data.decode("utf-8", errors="replace").encode("utf-8")
            mended += 1
    return data, mended


def _walk(document: bytes, what: Walk) -> list[Repair]:
    parser = etree.iterparse(
        io.BytesIO(document),
        events=("end",),
        tag=[f"{{*}}{tag}" for tag in (what.leaf, *what.tags)],
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    leaf, point = what.leaf, what.point
    try:
        for _, element in parser:
            if element.tag.endswith(leaf):
                point(element)
                element.clear()
            else:
                what.visit(local(element.tag), element)
    except etree.XMLSyntaxError as error:
        return [Repair("corrupt", 1, f"Line {error.lineno}.")]
    return _damage(parser.error_log)


def _damage(log: etree._ListErrorLog) -> list[Repair]:
    """Repairs for what the parser met. A prefix that nobody declared does no harm."""
    met = [entry for entry in log if entry.domain != etree.ErrorDomains.NAMESPACE]
    if not met:
        return []
    cut = met[-1].type == etree.ErrorTypes.ERR_TAG_NOT_FINISHED
    lines = {entry.line for entry in met if not cut or entry.line < met[-1].line}
    corrupt = [Repair("corrupt", len(lines), f"The first in line {min(lines)}.")] if lines else []
    return corrupt + ([Repair("truncated", 1, f"It ends in line {met[-1].line}.")] if cut else [])
