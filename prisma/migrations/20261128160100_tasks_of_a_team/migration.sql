-- What people of a body have in their hands, the most urgent first, is read in order and no further than it is shown.
-- Said so that nobody's own tasks are looked for among all of these: "IS NOT NULL" would follow from whose they are.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tasks_team_urgent" ON "tasks"
    ("bodyKey", coalesce("dueAt", 'infinity'), coalesce("dueOn", 'infinity'), "id") WHERE num_nulls("assigneeId") = 0 AND "state" IN ('ready', 'reserved', 'inProgress', 'suspended', 'completing');
