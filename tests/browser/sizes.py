"""Pages at a width: the window is made that wide, and the page has settled in it."""

# A function, not an expression: the browser evaluates an expression anew at each look, which the pages' policy forbids.
SETTLED = "width => innerWidth === width && document.documentElement.scrollWidth === width"


def at_width(page, width, height=800):
    """`page` at `width` × `height` pixels, once it fills the width and nothing of it scrolls sideways."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function(SETTLED, arg=width)
