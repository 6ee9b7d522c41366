-- Objects are told apart by the revision that added them and not by their names: rows that come together then stand together
-- in the index, and a commit writes a few pages of it instead of one for each row.
ALTER TABLE log ADD COLUMN created INTEGER NOT NULL DEFAULT 0; -- the revision that added the object, or its oldest one kept
UPDATE log SET created =
  (SELECT min(l.revision) FROM log l
    WHERE l.resource = log.resource AND l.namespace = log.namespace AND l.name = log.name AND l.uid = log.uid);
DROP INDEX log_by_object;
CREATE INDEX log_by_object ON log (resource, created, revision);

DROP VIEW objects;
CREATE VIEW objects AS
  SELECT l.resource, l.namespace, l.name, l.uid, l.revision, l.time, l.object
  FROM log l
  JOIN (SELECT max(revision) AS revision FROM log GROUP BY resource, created) newest USING (revision)
  WHERE l.type <> 2;
