-- Done: what a person has answered, by a key that is never null.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tasks_done_by" ON "tasks" ("answeredById", coalesce("answeredAt", 'infinity'), "id") WHERE "state" = 'completed';
