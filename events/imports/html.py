"""Texts in HTML, as other sites write them, to our light Markdown."""

import re
from textwrap import shorten

import nh3
from markdownify import markdownify

TAG = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]+|#[0-9]+);")
# What our Markdown can say; scripts and styles go with what they hold, other tags leave their text.
TAGS = {"p", "br", "strong", "b", "em", "i", "ul", "ol", "li", "a"}
LONGEST = 100_000  # characters that are read: an event keeps ten thousand


def as_markdown(text: str) -> str:
    """Return a text without tags: paragraphs, lists, emphasis and links as Markdown. What has no tag stays as it is."""
    if not TAG.search(text):
        return text.strip()
    text = re.sub("<h[1-6][^<>]*>", "<p><strong>", text[:LONGEST], flags=re.IGNORECASE)
    text = re.sub("</h[1-6]>", "</strong></p>", text, flags=re.IGNORECASE)
    text = re.sub("<(/?)div[^<>]*>", r"<\1p>", text, flags=re.IGNORECASE)
    safe = nh3.clean(
        text,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    # Our rendering knows no backslash before a mark.
    plain = {"escape_asterisks": False, "escape_underscores": False, "escape_misc": False}
    markdown = markdownify(safe, bullets="-", newline_style="backslash", **plain)
    markdown = markdown.replace("\\\n", "\n")
    return re.sub(r"\n{3,}", "\n\n", markdown).strip()


def first_words(markdown: str, most: int) -> str:
    """Return the first sentences of a text that fit; the beginning of the first one, where it does not."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = " ".join(re.sub(r"(?m)^\s*(?:[-*]|[0-9]+\.)\s+|\*+", "", text).split())
    kept = ""
    for sentence in re.split(r"(?<=[.!?…])\s+", text[: most * 2]):
        if len(f"{kept} {sentence}".strip()) > most:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or shorten(text, most, placeholder="…")
