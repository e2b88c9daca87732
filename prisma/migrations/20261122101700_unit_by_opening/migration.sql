-- My unit's, by when they were opened.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tasks_unit_opened" ON "tasks" ("role", "bodyKey", "openedAt", "id") WHERE "state" = 'ready';
