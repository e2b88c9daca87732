-- Becomes the primary key in the next migration. Concurrently: people go on starting rehearsals.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "rehearsal_sets_of_bodies" ON "rehearsal_sets" ("bodyKey", "name");
