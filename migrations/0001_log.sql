-- The revision log: every write appends one row, and the revision is the object's resourceVersion.
CREATE TABLE log (
  revision  INTEGER PRIMARY KEY,
  type      INTEGER NOT NULL CHECK (type IN (0, 1, 2)), -- 0 added, 1 modified, 2 deleted
  resource  TEXT    NOT NULL,                           -- 'pods', 'daemonsets.apps'
  namespace TEXT    NOT NULL,                           -- '' for cluster-scoped kinds
  name      TEXT    NOT NULL,
  uid       TEXT    NOT NULL,
  time      INTEGER NOT NULL,                           -- ms since the epoch, by the cluster's clock
  object    TEXT    NOT NULL                            -- the whole object as JSON
);
CREATE INDEX log_by_object ON log (resource, namespace, name, revision);

-- Facts about the cluster itself: seed, era, how far the log was compacted.
CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- For people with sqlite3: what there is now.
CREATE VIEW objects AS
  SELECT l.resource, l.namespace, l.name, l.uid, l.revision, l.time, l.object
  FROM log l
  JOIN (SELECT max(revision) AS revision FROM log GROUP BY resource, namespace, name) newest USING (revision)
  WHERE l.type <> 2;

CREATE VIEW nodes AS
  SELECT name,
         revision,
         (SELECT json_extract(c.value, '$.status') FROM json_each(object, '$.status.conditions') c
           WHERE json_extract(c.value, '$.type') = 'Ready')           AS ready,
         coalesce(json_extract(object, '$.spec.unschedulable'), 0)     AS unschedulable,
         json_extract(object, '$.spec.taints')                         AS taints,
         json_extract(object, '$.metadata.labels')                     AS labels
  FROM objects WHERE resource = 'nodes';

CREATE VIEW daemon_sets AS
  SELECT namespace, name, uid, revision,
         json_extract(object, '$.status.desiredNumberScheduled')       AS desired,
         json_extract(object, '$.status.currentNumberScheduled')       AS current,
         json_extract(object, '$.status.numberReady')                  AS ready,
         coalesce(json_extract(object, '$.status.updatedNumberScheduled'), 0) AS up_to_date,
         coalesce(json_extract(object, '$.status.numberAvailable'), 0) AS available,
         json_extract(object, '$.status.numberMisscheduled')           AS misscheduled
  FROM objects WHERE resource = 'daemonsets.apps';

CREATE VIEW pods AS
  SELECT namespace, name, uid, revision,
         json_extract(object, '$.spec.nodeName')                       AS node,
         json_extract(object, '$.status.phase')                        AS phase,
         (SELECT json_extract(c.value, '$.status') FROM json_each(object, '$.status.conditions') c
           WHERE json_extract(c.value, '$.type') = 'Ready')           AS ready,
         (SELECT json_extract(o.value, '$.uid') FROM json_each(object, '$.metadata.ownerReferences') o
           WHERE json_extract(o.value, '$.controller') = 1)           AS owner_uid,
         json_extract(object, '$.metadata.labels."controller-revision-hash"') AS revision_hash,
         json_extract(object, '$.metadata.deletionTimestamp')          AS deleted
  FROM objects WHERE resource = 'pods';

-- Which daemon pod is on which node.
CREATE VIEW placements AS
  SELECT d.namespace, d.name AS daemon_set, p.node, p.name AS pod, p.phase, p.ready, p.revision_hash
  FROM daemon_sets d JOIN pods p ON p.owner_uid = d.uid;
