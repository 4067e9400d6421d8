"""What machines do to a server: a full disk, a process that is killed, files that somebody else writes to."""
