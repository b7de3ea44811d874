from semaine.topology import neighbours


def shape(code, arcs):
    return {"type": "Polygon", "arcs": arcs, "properties": {"code": code}}


def topology(*shapes):
    return {"type": "Topology", "objects": {"shapes": {"geometries": list(shapes)}}}


def test_neighbours_share_a_line_whichever_way_it_is_drawn():
    found = neighbours(topology(shape("A", [[0, 1]]), shape("B", [[~1, 2]]), shape("C", [[3]])), "shapes")
    assert found == {("A", "B"), ("B", "A")}


def test_neighbours_are_found_in_islands_and_in_holes():
    # B is a hole of A; C's second island touches B.
    several = {"type": "MultiPolygon", "arcs": [[[3]], [[~2, 4]]], "properties": {"code": "C"}}
    found = neighbours(topology(shape("A", [[0], [~1]]), shape("B", [[1, 2]]), several), "shapes")
    assert found == {("A", "B"), ("B", "A"), ("B", "C"), ("C", "B")}


def test_line_number_zero_drawn_backwards_is_itself():
    found = neighbours(topology(shape("A", [[0]]), shape("B", [[-1]])), "shapes")
    assert found == {("A", "B"), ("B", "A")}
