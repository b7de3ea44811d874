"""How a body is read: JSON and nothing else, of a bounded size, whatever is nested in it."""

import json

from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser

from events.api.errors import TooLong

MOST_BYTES = 200_000


class OnlyJson(BaseContentNegotiation):
    """There is one way to answer, whatever is accepted."""

    def select_parser(self, request, parsers):
        plain = request.content_type.split(";")[0].strip().lower()
        return next((each for each in parsers if each.media_type == plain), None)

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class PlainJson(BaseParser):
    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise TooLong
        try:
            return json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
        # ValueError: no UTF-8, no JSON, or a number of thousands of digits.
        except (ValueError, RecursionError):
            raise ParseError from None


def _no_number(word: str):
    raise ValueError(f"{word} is no JSON")
