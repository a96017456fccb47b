"""What the least work costs on the same server: the figures that pages are compared with."""
