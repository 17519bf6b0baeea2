"""What axe finds wrong with a page."""

from axe_playwright_python.base import AXE_SCRIPT

# What is right is not told: of a long page that is a hundred times as much.
LOOK = "() => axe.run({resultTypes: ['violations']}).then(found => found.violations)"


def violations(page):
    """Each rule that this page breaks, with the beginning of the first place where it does."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [(found["id"], found["nodes"][0]["html"][:200]) for found in page.evaluate(LOOK)]
