-- Positions in the order of their names; the index has the whole order.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "positions_nameKk_id_idx" ON "positions" ("nameKk" COLLATE "name_kk", "id");
