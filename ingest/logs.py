"""Logs: JSON lines on standard error, so that standard output holds answers only."""

import sys

import structlog


def to_stderr(level: int) -> None:
    """From now on this process logs what is at least as grave as ``level`` (of ``logging``)."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
