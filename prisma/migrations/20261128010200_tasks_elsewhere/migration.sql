-- Tasks of roles in other bodies than those of their cases: few.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tasks_elsewhere" ON "tasks" ("bodyKey", "role") WHERE "elsewhere" AND "state" IN ('ready', 'reserved', 'inProgress', 'suspended', 'completing');
