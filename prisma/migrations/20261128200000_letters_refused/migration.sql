-- looked through every two seconds: whose address was corrected since his letter was refused
CREATE INDEX CONCURRENTLY IF NOT EXISTS "letters_refused" ON "letters" ("personId") WHERE "state" = 'refused';
