"""Organizers' texts on the page: light Markdown, sanitised."""

import nh3
from django import template
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

register = template.Library()

_renderer = MarkdownIt("zero", {"linkify": False}).enable(
    ["emphasis", "list", "link", "newline", "paragraph"], ignoreInvalid=True
)
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a"}


@register.filter
def markdown(text: str) -> str:
    """Return safe HTML: paragraphs, lists, emphasis and links, whatever was typed."""
    html = nh3.clean(
        _renderer.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(html)  # noqa: S308 – nh3 has just cleaned it
