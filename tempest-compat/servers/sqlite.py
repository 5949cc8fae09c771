"""SQLite files, behind the same four methods as the database servers."""
import pathlib
import sqlite3


class Sqlite:
    """Databases as files of a directory."""

    def __init__(self, directory):
        self._directory = pathlib.Path(directory).resolve()
        self._directory.mkdir(parents=True, exist_ok=True)

    def path(self, database):
        return self._directory / (database + ".sqlite")

    def create(self, database):
        return "sqlite:///%s" % self.path(database)

    def execute(self, database, sql):
        connection = sqlite3.connect(self.path(database))
        try:
            connection.executescript(sql)
            connection.commit()
        finally:
            connection.close()

    def load(self, database, path):
        self.execute(database, pathlib.Path(path).read_text())
