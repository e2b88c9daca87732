-- what is about to be late among many cases is read in the order of the terms, and no further than it is shown
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tasks_open_by_term" ON "tasks"
    (coalesce("dueAt", 'infinity'), coalesce("dueOn", 'infinity'), "id") WHERE "rehearsal" IS NULL AND "state" IN ('ready', 'reserved', 'inProgress', 'suspended', 'completing');
