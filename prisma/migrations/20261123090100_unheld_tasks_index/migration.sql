-- Few tasks are without a holder who may do them, and the queue shows those only. Concurrently: people go on claiming.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tasks_unheld" ON "tasks" ("caseId") WHERE "unheld" AND "state" IN ('ready', 'reserved', 'inProgress', 'suspended', 'completing');
