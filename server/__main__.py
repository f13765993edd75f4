"""`python -m server …`, the only way in."""

from server.cli import main

if __name__ == "__main__":
    main()
