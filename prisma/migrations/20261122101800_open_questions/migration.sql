-- The question put from a task, which every line of a list asks for: few tasks are questions, but a case may have many tasks.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tasks_question_open" ON "tasks" ("questionOf")
    WHERE "questionOf" IS NOT NULL AND "state" IN ('ready', 'reserved', 'inProgress', 'suspended', 'completing');
