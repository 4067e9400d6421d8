"""A pytest plugin: what passed only at its second try is named at the end, with the reason of the first failure."""

import pytest

LINES = 10  # of a reason; a browser's call log is longer


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Also with several workers, whose reports arrive here."""
    reports = terminalreporter.getreports("rerun")
    if reports:
        terminalreporter.section("second tries")
        for report in reports:
            terminalreporter.line(f"{report.nodeid} ({report.when})", yellow=True)
            for line in reason(report).splitlines()[:LINES]:
                terminalreporter.line(f"    {line}")


def reason(report: pytest.TestReport) -> str:
    """What the test said when it failed, and where."""
    crash = getattr(report.longrepr, "reprcrash", None)
    return f"{crash.message}\nat {crash.path}:{crash.lineno}" if crash else report.longreprtext
