"""Does ``python -m terril.cli`` run the command line too?"""

import sys

from terril.cli.main import main

if __name__ == "__main__":  # the processes that typeset import this module again
    sys.exit(main())
