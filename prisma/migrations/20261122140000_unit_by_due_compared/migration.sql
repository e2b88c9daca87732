-- My unit's, the most urgent first, by keys that are never null: a page begins behind the last task of the one before, which is
-- found by comparing with it. By itself and concurrently, as those that follow: people go on claiming. The indexes that these
-- do better than (tasks_unit_due, tasks_answered, tasks_escalated) go with the next release: this one's forerunner reads by them.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tasks_unit_urgent" ON "tasks"
    ("role", "bodyKey", coalesce("dueAt", 'infinity'), coalesce("dueOn", 'infinity'), "id") WHERE "state" = 'ready';
