-- Whether somebody holds a task of a case is asked for each case of a page: among its open tasks, however many it had before.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tasks_open_of_case" ON "tasks" ("caseId") WHERE "state" IN ('ready', 'reserved', 'inProgress', 'suspended', 'completing');
