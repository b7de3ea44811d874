"""France drawn small: the outline of each département, as SVG path data on one grid of 662 × 610 units.

The five overseas départements stand in frames below the Atlantic coast; the eight collectivités are not drawn.
"""

import json

from django.conf import settings

# code → path data
OUTLINES = json.loads((settings.BASE_DIR / "fixtures" / "outlines.json").read_text())
