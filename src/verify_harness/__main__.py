"""`verify-harness` and `vh`."""

from verify_harness.cli import main

if __name__ == "__main__":
    main()
