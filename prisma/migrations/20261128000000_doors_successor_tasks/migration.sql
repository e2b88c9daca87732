-- The sweep looks every twenty seconds for parts that are nobody's and whose position somebody holds now.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tasks_name_successor" ON "tasks" ("caseId")
  WHERE "kind" = 'nameSuccessor' AND "state" IN ('ready', 'reserved', 'inProgress', 'suspended', 'completing');
