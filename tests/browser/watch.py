"""What goes wrong in a browser without a test asking: errors, violations of the policy, requests to elsewhere."""

REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} refuses ${event.blockedURI || "inline"}`))
"""


class Watch:
    """Watches every page of a browser context, and lets none reach another server than ours and those of `also`."""

    def __init__(self, context, url: str, expected=(), also=()):
        self.context = context
        self.within = tuple(f"{each}/" for each in (url, *also))
        self.expected = expected
        self.problems = []
        context.add_init_script(REPORT_VIOLATIONS)
        context.route("**/*", self._only_here)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._note(f"{error.page.url}: {error.error}"))

    def _only_here(self, route):
        if route.request.url.startswith(self.within):
            route.continue_()
        else:
            self._note(f"request to {route.request.url}")
            route.abort()

    def _console(self, message):
        if message.type == "error":
            self._note(f"{message.page and message.page.url}: {message.text}")

    def _note(self, problem: str):
        if not any(text in problem for text in self.expected):
            self.problems.append(problem)
