"""How gunicorn serves the service; it reads this file by itself. Why: docs/decisions/one-master.md."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))  # gunicorn does so later

from core.serving import master

master.take_charge()
preload_app = True
worker_class = "gthread"
threads = 8
on_starting = master.make_room
when_ready = master.settle
on_reload = master.begin_anew
pre_fork = master.choose
post_fork = master.begin
