"""`retropace analyse`: recordings in, what really happened out."""

from argparse import Namespace
from collections.abc import Iterator
from itertools import chain, islice

from retropace.cli.output import Output
from retropace.cli.told import Told, columns_told, told
from retropace.errors import RetropaceError, UnusableInput
from retropace.readers import Damage, read_each
from retropace.recording import Recording
from retropace.summary import Summary, summarise


def run(options: Namespace) -> int:
    """Analyse every file: 0 when all were read, 1 when some were refused, 2 when none could be read."""
    known = told(options)
    recordings = read_each(options.files, Damage.STRICT if options.strict else Damage.REPAIR, columns_told(options))
    first = list(islice(recordings, 2))
    if not first:
        raise UnusableInput("There is no file to read here", file=str(options.files[0]), remedy="Name a recording.")
    many = len(first) > 1 or options.files[0].is_dir()
    if many and known.corrections:
        raise UnusableInput("Corrections belong to one recording", remedy="Analyse that recording by itself.")
    output = Output(options, many=many)
    read = [_shown(output, name, found, known) for name, found in _with_progress(chain(first, recordings), output)]
    output.close()
    return 2 if not any(read) else int(not all(read))


def _shown(output: Output, name: str, found: Recording | RetropaceError, known: Told) -> bool:
    """Show one recording or why it was refused; whether it was read."""
    outcome = found if isinstance(found, RetropaceError) else _summary(found, known)
    if isinstance(outcome, RetropaceError):
        output.refuse(name, outcome)
        return False
    output.show(name, outcome)
    return True


def _summary(recording: Recording, known: Told) -> Summary | RetropaceError:
    session = known.session
    if session is None and recording.played is not None:  # a coached session says itself what was asked
        session = recording.played.session
    try:
        return summarise(recording, known.person, session, known.corrections, known.placement)
    except RetropaceError as error:  # one recording that cannot be analysed must not stop the others
        return error


def _with_progress(
    recordings: Iterator[tuple[str, Recording | RetropaceError]], output: Output
) -> Iterator[tuple[str, Recording | RetropaceError]]:
    if not output.many or output.quiet:
        yield from recordings
        return
    from retropace.views.terminal import progress

    with progress("Reading recordings") as tell:
        for name, found in recordings:
            tell(name)
            yield name, found
