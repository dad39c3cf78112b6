"""The two engines that sums are worked out by, by their names: NumPy's, and one compiled with numba."""

from importlib.util import find_spec


def checked_engine(name: str) -> str:
    """The name of an engine that is there: 'numpy', or 'compiled' where the extra `fast` is installed.

    Raises
    ------
    ValueError
        If there is no engine of that name, or numba is not there.
    """
    if name not in ("numpy", "compiled"):
        raise ValueError(f"There is no engine {name!r}. Write 'numpy' or 'compiled'.")
    if name == "compiled" and find_spec("numba") is None:
        raise ValueError("The compiled engine needs numba. Install it with: pip install 'sextant[fast]'")
    return name


def fastest_engine() -> str:
    """'compiled' where the extra `fast` is installed, else 'numpy'."""
    return "numpy" if find_spec("numba") is None else "compiled"
