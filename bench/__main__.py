"""Run one measurement by name, or all of them one after the other: `python -m bench [NAME]`."""

import importlib
import pkgutil
import sys

import bench

# What measures nothing by itself.
SHARED = {"__main__", "place", "programs"}
NAMES = sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if module.name not in SHARED)


def main(chosen: list[str]) -> int:
    """Run the `chosen` measurements, or all; return the exit status."""
    unknown = [name for name in chosen if name not in NAMES]
    if unknown:
        print(
            f"No such measurement: {', '.join(unknown)}. There are: {', '.join(NAMES) or 'none yet'}", file=sys.stderr
        )
        return 2
    for name in chosen or NAMES:
        print(f"== {name}", flush=True)
        importlib.import_module(f"bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
