-- What was brought before a role, by keys that are never null.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tasks_escalated_urgent" ON "tasks"
    (("escalatedTo" ->> 'role'), ("escalatedTo" ->> 'body'), coalesce("dueAt", 'infinity'), coalesce("dueOn", 'infinity'), "id")
    WHERE "escalated" AND "state" IN ('ready', 'reserved', 'inProgress', 'suspended', 'completing');
