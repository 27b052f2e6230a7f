"""What a citizen put into the kernel's keyrings of their user: it needs no process to live, and the next session would
have the same user.
"""

import ctypes
import errno
import os
import platform
import resource

# keyctl(2) has no number that all architectures share.
_NUMBERS = {"x86_64": 250, "aarch64": 219, "riscv64": 219, "i686": 288, "armv7l": 311}
_JOIN, _CLEAR, _GET_PERSISTENT = 1, 7, 22
_PROCESS, _USER, _USER_SESSION = -2, -4, -5
_NONE = (errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOKEY)  # nothing there that could be emptied

_libc = ctypes.CDLL(None, use_errno=True)


def renew() -> None:
    """A new session keyring for this process and what it starts, without a name; where there are none, nothing."""
    number = _NUMBERS.get(platform.machine())
    if number is not None:
        _libc.syscall(number, _JOIN, None)


def sweep(uid: int) -> list[str]:
    """Empty them. Returns what could not be emptied. Only their owner may, so a child becomes the citizen for it."""
    number = _NUMBERS.get(platform.machine())
    if number is None:
        return []
    child = os.fork()
    if child == 0:
        status = 1
        try:
            # For a moment it is the citizen's process and has our memory: no core dump may keep that.
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            os.setgroups([])
            os.setresuid(uid, uid, uid)
            status = 0 if _clear_own(number) else 1
        finally:
            os._exit(status)
    _pid, status = os.waitpid(child, 0)
    return [] if status == 0 else ["keyrings"]


def _clear_own(number: int) -> bool:
    persistent = _libc.syscall(number, _GET_PERSISTENT, -1, _PROCESS)
    rings = [_USER, _USER_SESSION, *([persistent] if persistent > 0 else [])]
    return all([_clear(number, ring) for ring in rings])


def _clear(number: int, ring: int) -> bool:
    return _libc.syscall(number, _CLEAR, ring) == 0 or ctypes.get_errno() in _NONE
