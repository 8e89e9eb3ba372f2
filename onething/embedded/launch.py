"""Becomes another program that dies with its supervisor: `python launch.py PARENT_PID SIGNAL USER PROGRAM ARGS…`.

A process of its own rather than a `preexec_fn`, which isn't safe once threads or an event loop run in the parent.
Run as a plain file by the supervisor's own interpreter; imports the standard library only. USER is `-` for no change.
"""

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    parent, signal_number, user, program, *rest = arguments
    if user != "-":
        entry = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
        os.environ["HOME"] = "/"
    if sys.platform == "linux":
        # After the change of user, which clears it.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
        if os.getppid() != int(parent):
            sys.exit("the supervisor died before its child began")
    os.execv(program, [program, *rest])


if __name__ == "__main__":
    main(sys.argv[1:])
