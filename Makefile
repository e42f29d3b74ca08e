# Every target is one verb of `python3 -m dev`; without make, type that. `make help` lists them.
# The first Python that really runs: a version manager's stand-in may be found and then fail.
PROBE := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON := $(shell for python in python3 python3.13 python3.12 python3.11 python3.14 /usr/bin/python3 python; do \
	"$$python" -c '$(PROBE)' >/dev/null 2>&1 && { echo "$$python"; break; }; done)
VERBS := help run test lint bench screenshots setup assets translations lock

.PHONY: $(VERBS)
.DEFAULT_GOAL := help

$(VERBS):
	@$(if $(PYTHON),,echo "Waarborg needs Python 3.11 or newer" >&2; exit 1;) $(PYTHON) -m dev $@ $(ARGS)
