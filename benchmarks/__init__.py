"""How fast a site is: made-up schools of any size, load on every page, and a report."""
