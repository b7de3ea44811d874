"""What is sent in place of an honest value: a dictionary of what breaks programs, and what Hypothesis makes up."""

from collections.abc import Sequence

from hypothesis import strategies as st

from tests.events.imports import files
from tests.events.imports.hostile import PNG

DICTIONARY = (
    # Nothing, and what cannot be seen or stored.
    "", " ", "\x00", "a\x00b", "%00", "\t", "\x1b[31m", "\x7f", "\x0b", "\x1c", "\x85", "a\nb", "\r\nSet-Cookie: a=b",
    "\ud800", "\udfff\ud800", "a\udc80b", "\ufeff", "\u200b", "\u2028", "\ufffe", "\U0010ffff",
    # Text that turns, stacks, and is longer in bytes or capitals than it looks.
    "\u202e", "\u2066abc\u2069", "é" * 300, "e" + "\u0301" * 500, "🏭" * 500, "👨‍👩‍👧‍👦" * 60, "ﷺ" * 50,
    "ß" * 300, "İ" * 260,
    "x" * 256, "x" * 12_000, "x" * 120_000, "mot " * 4_000, "a b " * 50, "é-" * 400,
    # For SQL and its full text.
    "' OR 1=1 --", "'; DROP TABLE events_event; --", "\\", "\\'", "%", "_", "%%%", "a_b%c", "(((", "a & | ! b", ":*",
    "a:*b", "'", '"', '"a', "-", "!!", "<->", "a <2> b", "a' & 'b", "\\x00", "(SELECT pg_sleep(9))",
    # For pages, templates, formats, files, addresses, mails and calculators.
    "<script>alert(1)</script>", "</textarea><img src=x onerror=alert(1)>", "]]>", "<!--", "&#0;", "&#xD800;",
    "{{ 7*7 }}", "{% debug %}", "${7*7}", "#{7*7}", "%s%n%x", "{0}", "{a.__class__}", "%(a)s", "$1",
    "../../etc/passwd", "..\\..", "/dev/zero", "a.webp\x00.php", "CON", "//evil.example", "https://evil.example/",
    "javascript:alert(1)", "https://[::1", "http://a:99999999/", "http://\u2024/", "https://a.example/" + "a/" * 900,
    "http://xn--/", "mailto:a@b", "a@b", "a@example.org\nBcc: b@example.org", "é@é.fr", "a@" + "a" * 70 + ".fr",
    '"a b"@example.org', "=1+1", "@SUM(1)", "#import", "*gras*", "[a](javascript:a)", "[" * 300, "> " * 300, "`" * 300,
    "+33 1 02 03 04 05", "0" * 14, "552 081 317 66522", "１２３４５６７８９０１２３４",
    # Numbers.
    "-1", "0", "-0", "1", "2", "00", "+1", "1.5", "1,5", "1e309", "1e-400", "1e5", "NaN", "Infinity", "-Infinity",
    "99999999999999999999999", "9" * 400, "9" * 5_000, "0x10", "1_000", "१२३", "²", "①", "999999999", "2147483647",
    "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "18446744073709551616",
    # Days, hours and moments.
    "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "-0001-01-01", "2026-02-30", "2025-11-20", "2025-W47",
    "31/12/9999", "01/01/0001", "20/11/2025", "2026-11-20T25:61", "0001-01-01T00:00:00+23:59", "24:00", "00:00",
    "9999-12-31T23:59:59-23:59", "2025-11-20T09:00:00+99:99", "23:59:59.9999999", "02:30", "2025-03-30T02:30",
    "9999-12-31T23:59:59Z", "aujourd-hui", "ce-week-end",
    # Places and boxes.
    "-180,-90,180,90", "180,90,-180,-90", "1,2,3", "NaN,NaN,NaN,NaN", "1e308,1e308,1e308,1e308", "48.85,2.35",
    "91,181", "90,0", "-90,180", "0,0,0,0", "90010", "59350", "90", "27", "2A", "971", "belfort", "saint denis",
    # Bait for regular expressions and for similar words.
    "(a+)+$", "a" * 40 + "!", "a" * 5_000 + "!", " " * 9_000 + "x", "0" * 9_000 + "x", "-" * 9_000, "1." * 4_000,
    "a@" * 3_000, "<" * 5_000, "a." * 5_000 + "@", "((" * 2_000, "\n" * 9_000, ", " * 4_000, "&" * 5_000,
    "abcdefghijklmnopqrstuvwxyz" * 40, "http://" * 1_000, "www." * 2_000, "_*" * 1_500, "![" * 1_500,
    # For readers of JSON.
    "[]", "{}", "null", "true", "[" * 2_000, "[" * 100_000, '{"a":' * 500, '{"a":' * 50_000,
    '{"a":1,"a":2}', '"\\ud800"',
    '{"id": "\\u0000"}', '{"rawId": "AA", "response": {}}', "1" * 5_000, "[1e999]",
    # What the site itself understands.
    "oui", "non", "on", "visite", "scolaires", "sur-place", "en-ligne", "label", "refuse", "request_changes",
    "submitted", "labelled", "distance", "pertinence", "SI-2025-90-0001", "visite-de-la-fonderie",
    "00000000-0000-0000-0000-000000000000", "__all__", "pk", "-pk", "id__in", "password", "user__password",
)  # fmt: skip
# Of which no client that speaks UTF-8 makes a query: they are sent as they are.
ESCAPES = (
    "%ff%fe", "%C0%80", "%ED%A0%80", "%", "%zz", "%u0041", "%25%30%30", "%F4%90%80%80", "%E2%80", "a=b", "&&&", "=",
    "&=&=", "a&a&a", "+", "[", "a[b]=c", "q[]=1&q[]=2", "q[0]=1&q[1]=2", "a&" * 1_500, ";", "%0d%0a", "%e9", "a%00",
)  # fmt: skip
# Files by name: how each calls itself, what it says it is, and what it is.
FILES = {
    "nothing": ("photo.png", "image/png", b""),
    "text": ("photo.png", "image/png", b"Bonjour"),
    "page": ("photo.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "broken picture": ("photo.png", "image/png", PNG),
    "half a photo": ("photo.jpg", "image/jpeg", bytes.fromhex("ffd8ffe000104a464946") + b"\x00" * 40),
    "gif": ("photo.gif", "image/gif", b"GIF89a" + b"\xff" * 30),
    "zip": ("a.xlsx", "application/zip", b"PK\x05\x06" + b"\x00" * 18),
    "broken book": ("a.xlsx", "text/csv", files.as_xlsx([["Titre"]])[:900]),
    "book": ("a.csv", "text/csv", files.as_xlsx([["Titre", "Titre", None], [1.5, True, "=1+1"]])),
    "table": ("a.csv", "text/csv", files.csv_of(files.line(1), files.line(1, day="0000-00-00"))),
    "no text": ("a.csv", "text/csv", b"Titre;Jour\n\xff\xfe\x00;\x00\n"),
    "utf-16": ("a.csv", "text/csv", "Titre;Jour\nÉté;1\n".encode("utf-16")),
    "quotes": ("a.csv", "text/csv", b'"' * 5_001),
    "separators": ("a.csv", "text/csv", b";" * 50_000 + b"\n;"),
    "deep json": ("a.json", "application/json", b"[" * 90_000),
    "json": ("a.json", "application/json", b'{"events": [{"title": {"fr": null}, "timings": [1]}, 3, null]}'),
    "json of nothing": ("a.json", "application/json", b'{"events": {}}'),
    "climbing": ("../../../../etc/passwd", "text/plain", b"root"),
    "nameless": ("\x01", "a/b", b"x"),
    "long name": ("x" * 3_000 + ".csv", "text/csv", b"Titre\nA\n"),
}  # fmt: skip


def any_of(values: Sequence) -> st.SearchStrategy:
    """As `sampled_from`, which writes all its values in each of its messages."""
    return st.integers(0, len(values) - 1).map(lambda number: values[number])


# Any character, those that UTF-8 cannot carry too.
CHARACTERS = st.characters(exclude_categories=())
TEXT = st.one_of(
    any_of(DICTIONARY),
    any_of(DICTIONARY),
    st.text(CHARACTERS, max_size=30),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.datetimes().map(str),
    st.tuples(any_of(DICTIONARY), st.text(CHARACTERS, max_size=5)).map("".join),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)
