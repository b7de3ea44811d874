"""What a page lets one send: its forms with their honest values, and the parameters of its own links."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser

from tests.html import name as kind_of

FIELDS = ("input", "select", "textarea", "button")
# Their value goes only when they are the one that is pressed.
BUTTONS = ("submit", "image", "button", "reset")


@dataclass(frozen=True)
class Form:
    """As a browser would send it: where, how, its fields (name, value), its files, and its buttons."""

    action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...]
    # Boxes that are not ticked, lists where nothing is chosen: fields too, though nothing is sent of them.
    others: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that may be sent under a name, once each, in the order of the page."""
        sent = (name for name, _ in (*self.fields, *self.buttons))
        return tuple(dict.fromkeys((*sent, *self.files, *self.others)))


def read(page: str, path: str) -> tuple[list[Form], tuple[str, ...]]:
    """Return the forms of a page, and the names of the parameters in the links and forms that lead to itself."""
    root = HTMLParser(namespace_html_elements=False).parse(page)
    elements = list(root.iter())
    owned = {}
    for form in elements:
        if kind_of(form) == "form":
            inside = {id(each) for each in form.iter()}
            mine = (each for each in elements if _belongs(each, form, inside))
            owned[id(form)] = _form(form, [each for each in mine if each.get("name")], path)
    found = list(owned.values())
    return found, _parameters(elements, found, path)


def _belongs(element: Element, form: Element, inside: set[int]) -> bool:
    if kind_of(element) not in FIELDS:
        return False
    return element.get("form") == form.get("id") if element.get("form") else id(element) in inside


def _form(form: Element, elements: list[Element], path: str) -> Form:
    fields, files, buttons, others = [], [], [], []
    for element in elements:
        name, kind = element.get("name"), element.get("type", "text").lower()
        if kind == "file":
            files.append(name)
        elif kind_of(element) == "button" or kind in BUTTONS:
            buttons.append((name, element.get("value", "")))
        elif values := _values(element, kind):
            fields += [(name, value) for value in values]
        else:
            others.append(name)
    # An action of « ?a=b » or of nothing is the page itself.
    action = form.get("action") or path
    action = action if action.startswith("/") else path + action
    method = form.get("method", "get").lower()
    return Form(action, method, tuple(fields), tuple(files), tuple(buttons), tuple(others))


def _values(element: Element, kind: str) -> list[str]:
    if kind_of(element) == "textarea":
        return ["".join(element.itertext())]
    if kind_of(element) == "select":
        options = [each for each in element.iter() if kind_of(each) == "option"]
        chosen = [each for each in options if "selected" in each.attrib]
        if "multiple" not in element.attrib:
            chosen = chosen or options[:1]
        return [each.get("value", "".join(each.itertext())) for each in chosen]
    if kind in ("checkbox", "radio"):
        return [element.get("value", "on")] if "checked" in element.attrib else []
    return [element.get("value", "")]


def _parameters(elements: list[Element], forms: list[Form], path: str) -> tuple[str, ...]:
    links = (urlsplit(each.get("href", "")) for each in elements if kind_of(each) == "a")
    named = [name for link in links if link.path in ("", path) for name, _ in parse_qsl(link.query)]
    for form in forms:
        if form.method == "get" and urlsplit(form.action).path == path:
            named += form.names
    return tuple(dict.fromkeys(named))
