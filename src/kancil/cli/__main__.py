"""`python -m kancil.cli`: the commands without the script, for whoever starts them as a child."""

from __future__ import annotations

from .main import main

if __name__ == "__main__":
    main()
