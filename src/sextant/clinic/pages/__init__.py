"""The pages: a view parses the request, calls one service or selector, and renders."""
