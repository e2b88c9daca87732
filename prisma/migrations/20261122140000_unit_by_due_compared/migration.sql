-- My unit's, the most urgent first, by keys that are never null: a page begins behind the last task of the one before, which is
-- found by comparing with it. By itself and concurrently, as those that follow: people go on claiming.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tasks_unit_urgent" ON "tasks"
    ("role", "bodyKey", coalesce("dueAt", 'infinity'), coalesce("dueOn", 'infinity'), "id") WHERE "state" = 'ready';
