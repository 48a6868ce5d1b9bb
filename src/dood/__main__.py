"""`python -m dood` is the command `dood`."""

import sys

from dood.cli import main

if __name__ == "__main__":
    sys.exit(main())
