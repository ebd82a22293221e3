"""The resident memory of this process, as the kernel counts it, so that C++ and Rust count as well as Python.

Rule: Linux only; elsewhere there is no figure rather than another kind of figure.
"""


def _status(field: str) -> "int | None":
    """A field of /proc/self/status in bytes."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            for line in file:
                if line.startswith(field + ":"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


def resident() -> "int | None":
    """Bytes resident now."""
    return _status("VmRSS")


def restart_peak() -> None:
    """Let the peak begin at what is resident now (man 5 proc, clear_refs)."""
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
            file.write("5")
    except OSError:
        pass


def peak() -> "int | None":
    """The most bytes that were resident since `restart_peak`.

    Not `getrusage`: its maximum is handed down from the parent through fork and exec.
    """
    return _status("VmHWM")
