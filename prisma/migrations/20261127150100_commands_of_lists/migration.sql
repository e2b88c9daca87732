-- What was sent by a list.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "commands_of_lists" ON "commands" ("listId", "caseId") WHERE "listId" IS NOT NULL;
