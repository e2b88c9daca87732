-- A part is one person's; only members of commissions are many.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "case_parts_one" ON "case_parts" ("caseId", "part") WHERE "to" IS NULL AND "part" <> 'member';
