"""Where the files that ship with Coulisses are: beside the packages in a checkout, inside them once installed."""

from pathlib import Path

_ROOT = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """The folder ``models``, ``seeds`` or ``prompts``."""
    installed = _ROOT / "bundled" / name
    return installed if installed.exists() else _ROOT.parent / name
