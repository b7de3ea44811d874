"""`make bench`: how fast the site is, as production runs it, against references measured in the same run."""
