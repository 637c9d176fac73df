"""Run `millet` in this process, as a shell would see it."""

from model.cli import main


def run(capsys, *arguments):
    """Exit status, standard output and standard error of a command."""
    try:
        status = main(arguments)
    except SystemExit as leaving:
        status = leaving.code
    return status, *capsys.readouterr()
