"""French full text over what the public reads of an event.

Two configurations side by side: `french` stems « employée » and « employé » alike; `french_plain` first drops the
accents, so that "metallurgie" finds « métallurgie ». A word found by either is found.
"""

import re

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db.models import GeneratedField, Q

CONFIGURATIONS = ("french", "french_plain")
WEIGHTS = {"title": "A", "organizer_name": "B", "place_name": "B", "summary": "C"}


def search_document() -> GeneratedField:
    """Return the stored `tsvector` of an event: title, organizer and place names, summary."""
    vectors = [
        SearchVector(field, weight=weight, config=configuration)
        for configuration in CONFIGURATIONS
        for field, weight in WEIGHTS.items()
    ]
    document = vectors[0]
    for vector in vectors[1:]:
        document = document + vector
    return GeneratedField(expression=document, output_field=SearchVectorField(), db_persist=True)


def matches(words: str) -> Q:
    """Return the condition that an event matches the words: all of them, "exact phrases", the last one as a prefix."""
    query = None
    for configuration in CONFIGURATIONS:
        part = _query(words, configuration)
        query = part if query is None else query | part
    return Q(search=query)


def _query(words: str, configuration: str):
    whole = SearchQuery(words, config=configuration, search_type="websearch")
    last = re.search(r"(?:^|\s)(\w{2,})$", words)
    if last is None:
        return whole
    # Someone still typing "industri" means « industrie » and « industrielle ».
    prefix = SearchQuery(f"{last[1]}:*", config=configuration, search_type="raw")
    before = words[: last.start()].strip()
    if not before:
        return whole | prefix
    return whole | SearchQuery(before, config=configuration, search_type="websearch") & prefix
