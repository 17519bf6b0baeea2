"""What axe finds wrong with a page."""

from axe_playwright_python.base import AXE_SCRIPT

# What is right is not told: of a long page that is a hundred times as much.
LOOK = """colours => axe.run({resultTypes: ['violations'], rules: {'color-contrast': {enabled: colours}}})
    .then(found => found.violations)"""


def violations(page, colours=True):
    """Each rule that this page breaks, with the beginning of the first place where it does.

    Whether what is written stands out from what is behind it takes four fifths of the time. No style asks for the
    language, so that a page is looked at for its `colours` in one.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [(found["id"], found["nodes"][0]["html"][:200]) for found in page.evaluate(LOOK, colours)]
