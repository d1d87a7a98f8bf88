"""A program on a terminal of its own: what it shows there, and keys pressed."""

import errno
import os
import pty
import re
import select
import signal

DEADLINE = 120  # seconds; only a program that hangs gets there


class OnTerminal:
    """Runs `command` with a pseudo-terminal as its standard input, output and error, unless `stdout` names a file."""

    def __init__(self, command: list[str], cwd, env: dict[str, str], stdout=None):
        self.shown = b""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(cwd)
                if stdout is not None:
                    os.dup2(os.open(stdout, os.O_WRONLY | os.O_CREAT, 0o644), 1)
                os.execve(command[0], command, env)
            finally:
                os._exit(127)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.terminal)
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)

    def read(self) -> bool:
        """Waits for more; False when the program is gone."""
        if not select.select([self.terminal], [], [], DEADLINE)[0]:
            raise AssertionError(f"nothing for {DEADLINE} s; shown so far: {self.shown!r}")
        try:
            more = os.read(self.terminal, 65536)
        except OSError as error:
            if error.errno != errno.EIO:  # what Linux says when the other side is closed
                raise
            more = b""
        self.shown += more
        return bool(more)

    def wait_for(self, pattern: bytes):
        while not re.search(pattern, self.shown):
            if not self.read():
                raise AssertionError(f"ended before it showed {pattern!r}; it showed {self.shown!r}")

    def press(self, keys: bytes):
        os.write(self.terminal, keys)

    def finish(self) -> tuple[int, str]:
        """The exit code, and all that was shown."""
        while self.read():
            pass
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status), self.shown.decode()
