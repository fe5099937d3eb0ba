"""Web: the app. Pages are made on the server and work without a script; small modules in static/ add what needs one."""
