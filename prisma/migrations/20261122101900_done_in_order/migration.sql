-- Done: what a person has answered; the index has the whole order in both directions.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tasks_answered" ON "tasks" ("answeredById", "answeredAt", "id") WHERE "state" = 'completed';
