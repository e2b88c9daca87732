-- One person has each part once at a time.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "case_parts_each" ON "case_parts" ("caseId", "part", "personId") WHERE "to" IS NULL;
