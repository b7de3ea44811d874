"""Hostile requests: every page, parameter and form field of the site, with values that no honest person sends."""
