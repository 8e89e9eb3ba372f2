"""Becomes another program that dies with its supervisor: `python launch.py PARENT_PID SIGNAL USER NICE PROGRAM ARGS…`.

A process of its own rather than a `preexec_fn`, which isn't safe once threads or an event loop run in the parent.
Run as a plain file by the supervisor's own interpreter; imports the standard library only. USER is `-` for no change.
NICE is how far it stands back behind the others.
"""

import ctypes
import os
import pwd
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
AUTOGROUP = Path("/proc/self/autogroup")


def main(arguments: list[str]) -> None:
    parent, signal_number, user, nice, program, *rest = arguments
    if int(nice):
        stand_back(int(nice))
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


def stand_back(nice: int) -> None:
    """Lower this process's priority, and where Linux shares the processor out by sessions, that of its session: there
    niceness alone counts only within one."""
    os.nice(nice)
    if os.access(AUTOGROUP, os.W_OK):
        AUTOGROUP.write_text(str(nice))


if __name__ == "__main__":
    main(sys.argv[1:])
