"""`python -m luodi`: the same as the command `luodi`."""

from luodi.cli.main import main

main()
