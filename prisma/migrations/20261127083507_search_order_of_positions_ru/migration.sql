-- Positions in the order of their names; the index has the whole order.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "positions_nameRu_id_idx" ON "positions" ("nameRu" COLLATE "name_ru", "id");
