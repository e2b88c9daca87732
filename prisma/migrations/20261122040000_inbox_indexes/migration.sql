-- Written by hand: partial indexes for the inbox lists, whose time must not grow with the number of tasks. The Prisma schema
-- cannot say them, and its differ leaves partial indexes out of the comparison (npm run migrate:check).

-- Mine: tasks that a person holds, the most urgent first; those without a date come last (the default of ascending order).
CREATE INDEX "tasks_mine_open" ON "tasks" ("assigneeId", "dueAt", "id")
    WHERE "state" IN ('ready', 'reserved', 'inProgress', 'suspended', 'completing');

-- Mine: tasks addressed to a person by name.
CREATE INDEX "tasks_addressed_open" ON "tasks" ("personId", "dueAt", "id")
    WHERE "personId" IS NOT NULL AND "state" IN ('ready', 'reserved', 'inProgress', 'suspended', 'completing');

-- My unit's: tasks that whoever holds the role in the body may claim.
CREATE INDEX "tasks_unit_ready" ON "tasks" ("role", "bodyKey", "dueAt", "id")
    WHERE "state" = 'ready';

-- Escalated: overdue tasks brought before a role in a body, whoever they are for.
CREATE INDEX "tasks_escalated" ON "tasks" (("escalatedTo" ->> 'role'), ("escalatedTo" ->> 'body'), "dueAt", "id")
    WHERE "escalated" AND "state" IN ('ready', 'reserved', 'inProgress', 'suspended', 'completing');

-- Done: what a person has answered, the latest first.
CREATE INDEX "tasks_done" ON "tasks" ("answeredById", "answeredAt" DESC, "id")
    WHERE "state" = 'completed';

-- Commands without an outcome, which are sent again until they have one.
CREATE INDEX "commands_stored" ON "commands" ("receivedAt", "id")
    WHERE "state" = 'stored';
