-- My unit's, the most urgent first. Most tasks end with their day and so at one instant: the index has the whole order, or
-- a page would sort all that end on the same day. By itself and concurrently, as those that follow: people go on claiming.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tasks_unit_due" ON "tasks" ("role", "bodyKey", "dueAt", "dueOn", "id") WHERE "state" = 'ready';
