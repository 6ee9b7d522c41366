-- States that the cluster can be put back to, by name: what stood at a revision, whatever has become of the log since.
CREATE TABLE snapshots (
  name     TEXT    PRIMARY KEY,
  revision INTEGER NOT NULL,
  time     INTEGER NOT NULL, -- ms since the epoch, by the cluster's clock
  state    TEXT    NOT NULL  -- where clock, dice and controllers stood, as JSON
);
CREATE TABLE snapshot_objects (
  snapshot  TEXT    NOT NULL REFERENCES snapshots (name),
  revision  INTEGER NOT NULL,
  type      INTEGER NOT NULL,
  resource  TEXT    NOT NULL,
  namespace TEXT    NOT NULL,
  name      TEXT    NOT NULL,
  uid       TEXT    NOT NULL,
  created   INTEGER NOT NULL,
  time      INTEGER NOT NULL,
  object    TEXT    NOT NULL
);
CREATE UNIQUE INDEX snapshot_objects_by_snapshot ON snapshot_objects (snapshot, revision);
