-- People in the order of their names; the index has the whole order.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "people_surnameKk_givenKk_id_idx" ON "people" ("surnameKk" COLLATE "name_kk", "givenKk" COLLATE "name_kk", "id");
