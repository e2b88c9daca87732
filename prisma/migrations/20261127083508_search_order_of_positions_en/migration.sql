-- Positions in the order of their names; the index has the whole order.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "positions_nameEn_id_idx" ON "positions" ("nameEn" COLLATE "name_en", "id");
