"""Is a page valid HTML? The parser of the standard tells what it had to repair; the rest is looked for here."""

from collections import Counter
from itertools import pairwise
from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# What may hold words and their marks only.
PHRASING_ONLY = {*HEADINGS, "p", "span", "strong", "em", "small", "label", "button", "caption", "dt"}
BLOCKS = {
    "address", "article", "aside", "blockquote", "details", "dialog", "div", "dl", "fieldset", "figure", "footer",
    "form", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul", *HEADINGS,
}  # fmt: skip
INTERACTIVE = {"a", "button", "details", "iframe", "input", "label", "select", "textarea"}
ALLOWED_CHILDREN = {
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "dl": {"div", "dt", "dd"},
    "select": {"option", "optgroup", "hr"},
    "tr": {"td", "th"},
}
REFERENCES = ("for", "form", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget", "list")
NEEDED = {"img": "alt", "iframe": "title", "html": "lang", "svg": "viewBox"}
FILLED = ("id", "href", "src", "for", "action")
OBSOLETE = {"align", "bgcolor", "border", "cellpadding", "cellspacing", "frameborder", "valign"}


def faults(page: str) -> list[str]:
    """Return what is wrong with a page, in words; nothing when it is valid."""
    parser = HTMLParser(namespace_html_elements=False)
    root = parser.parse(page)
    elements = list(root.iter())
    return [
        *(f"line {position[0]}: {code}" for position, code, *_ in parser.errors),
        *_names(elements),
        *_structure(elements),
        *(fault for element in elements for fault in _attributes(element)),
        *(fault for element in elements for fault in _children(element)),
        *_nested(root, ()),
    ]


def name(element: Element) -> str:
    # A comment's tag is a function; an SVG's carries its namespace.
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _names(elements: list[Element]):
    ids = Counter(each.get("id") for each in elements if each.get("id") is not None)
    yield from (f"id {each!r} is there {number} times" for each, number in ids.items() if number > 1)
    for element in elements:
        asked = [each for attribute in REFERENCES for each in element.get(attribute, "").split()]
        link = element.get("href", "")
        asked += [link[1:]] if name(element) == "a" and link.startswith("#") else []
        yield from (f"<{name(element)}> names an absent id {each!r}" for each in asked if each not in ids)


def _structure(elements: list[Element]):
    # An SVG's title is another thing: its tag carries a namespace.
    names = Counter(each.tag for each in elements)
    yield from (f"{names[each]} <{each}>" for each in ("title", "h1", "main") if names[each] != 1)
    levels = [int(name(each)[1]) for each in elements if name(each) in HEADINGS]
    for before, level in pairwise(levels):
        if level > before + 1:
            yield f"<h{level}> after <h{before}>"


def _attributes(element: Element):
    kind = name(element)
    if kind in NEEDED and not (element.get(NEEDED[kind]) or (kind == "img" and "alt" in element.attrib)):
        yield f"<{kind}> without {NEEDED[kind]}"
    yield from (f"<{kind} {each}> is obsolete" for each in OBSOLETE & element.attrib.keys())
    yield from (
        f"<{kind} {each}> is empty"
        for each in ("id", "href", "src", "for", "action")
        if element.get(each) == ""
    )


def _children(element: Element):
    kind = name(element)
    for child in map(name, element):
        if child and child not in ALLOWED_CHILDREN.get(kind, {child}):
            yield f"<{child}> in <{kind}>"


def _nested(element: Element, above: tuple[str, ...]):
    kind = name(element)
    around = set(above)
    if kind in BLOCKS and around & PHRASING_ONLY:
        yield f"<{kind}> in <{(around & PHRASING_ONLY).pop()}>"
    # A label holds the field that it names.
    if kind in INTERACTIVE and around & {"a", "button"}:
        yield f"<{kind}> in <{(around & {'a', 'button'}).pop()}>"
    for child in element:
        yield from _nested(child, (*above, kind))
