"""Stepwell Markdown: rendering bodies, finding and rewriting their links, players for videos.

Import what you need from its module: rendering alone loads 20 MB of libraries.
"""
