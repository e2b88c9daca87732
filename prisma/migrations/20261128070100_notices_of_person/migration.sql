CREATE INDEX CONCURRENTLY IF NOT EXISTS "notices_of_person" ON "notices" ("personId", "rehearsed", "toldAt", "id");
