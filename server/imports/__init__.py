"""Reading an event log from a file and bringing it in: what a command needs around the verbs of `domain.tickets`.

`mapping.py` is what the operator says about the file, `table.py` its lines, `reading.py` the histories in it,
`refusing.py` the file of what could not be read, `running.py` the import itself.
"""

from server.imports.event_log import Log, check_columns, read_log
from server.imports.mapping import Mapping, load_mapping
from server.imports.rejected_rows import write_refused
from server.imports.run import Outcome, bring_in

__all__ = ["Log", "Mapping", "Outcome", "bring_in", "check_columns", "load_mapping", "read_log", "write_refused"]
