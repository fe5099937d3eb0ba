"""Motion: what raw accelerometers and gyroscopes say of how and which way somebody moved, second by second.

`listen` hears a whole recording, a `Listener` the same in pieces; both end in a `Heard`, one row for each second. What is
heard in a second rests on that second and `HALO_S` either side of it, so that pieces make up exactly the whole.
"""
