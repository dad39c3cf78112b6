"""The sampler's own program is read only where its libraries are (dependency group `judges`)."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("numpyro") else ["sampled.py"]
