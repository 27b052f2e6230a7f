"""XML from strangers: the standard library's parser, with everything refused by which XML harms (bombs, outside files).

No entity may be declared and nothing outside is ever fetched. A document type without declarations is let pass, since
every EPUB has one.
"""

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

MAX_BYTES = 32_000_000
MAX_DEPTH = 100
MAX_ELEMENTS = 1_000_000


class UnsafeXml(ValueError):
    """Not well formed, or more than a document of ours needs."""


class HarmfulXml(UnsafeXml):
    """Well formed, perhaps, and made to harm: entities, or more than anybody writes."""


def parse(data: bytes) -> Element:
    """The document's root; names are `{namespace}name`. UnsafeXml, with a few words, for whatever is not plain XML."""
    if len(data) > MAX_BYTES:
        raise HarmfulXml("too large")
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    count = depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count, depth
        count, depth = count + 1, depth + 1
        if count > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise HarmfulXml("too many elements")
        builder.start(_name(name), {_name(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_name(name))

    def refuse(*_what: object) -> int:
        raise HarmfulXml("entities are not allowed")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = refuse
    parser.UnparsedEntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.Parse(data, True)
        return builder.close()
    except (expat.ExpatError, AssertionError, ValueError, LookupError) as error:
        if isinstance(error, UnsafeXml):
            raise
        raise UnsafeXml(str(error)) from None


def _name(name: str) -> str:
    return "{" + name if "}" in name else name
