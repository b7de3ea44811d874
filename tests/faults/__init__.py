"""What the site promises when something breaks, tried for real: `make faults`.

The processes of production run on a PostgreSQL and a Redis of their own. Organizers send events, referents give labels
and the public reads, by HTTP, while one thing after the other is broken; then what was answered is compared with what
the database holds, what the mail server got and what the public sees.
"""
