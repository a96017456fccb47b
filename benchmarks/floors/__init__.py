"""What the least work costs on the same server: the figures that a page is held against."""
