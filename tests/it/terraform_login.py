"""Answers what `terraform login` asks in a terminal. Arguments: the host, and the token to give.

Prints what terraform printed, and exits with its code.
"""

import os
import pty
import sys


def main() -> int:
    host, token = sys.argv[1:]
    answers = [b"yes\n", token.encode() + b"\n"]
    child, terminal = pty.fork()
    if child == 0:
        os.execvp("terraform", ["terraform", "login", "-no-color", host])
    seen, read = b"", b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        seen += part
        read += part
        if answers and read.rstrip().endswith(b"Enter a value:"):
            os.write(terminal, answers.pop(0))
            read = b""
    _, status = os.waitpid(child, 0)
    sys.stdout.buffer.write(seen.replace(token.encode(), b"(the token)"))
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
