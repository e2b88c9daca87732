-- Of each pair of cases the command that comes next.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "commands_between_cases" ON "commands" ("senderId", "caseId", "seq") WHERE "state" = 'stored' AND "senderId" IS NOT NULL;
