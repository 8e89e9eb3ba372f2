"""`python -m onething.cli`: the same as the console script `onething`."""

from onething.cli.app import main

main()
