"""The box around the outlines of some territories."""

from semaine import outlines


def test_view_box_holds_the_outlines_and_a_line_around_them(monkeypatch):
    monkeypatch.setattr(outlines, "OUTLINES", {"1": "M10 20l5-2-3 8z", "2": "M-4 30l1 1 1 1zM0 0l-2-3 4 1z"})
    assert outlines.view_box(["1"]) == "9 17 7 10"
    assert outlines.view_box(["2"]) == "-5 -4 8 37"
    assert outlines.view_box(["1", "2", "not drawn"]) == "-5 -4 21 37"
    assert outlines.view_box(["not drawn"]) == outlines.view_box([]) == ""


def test_view_box_of_france_lies_within_its_grid():
    assert outlines.view_box(outlines.OUTLINES) == "-27 33 638 564"
