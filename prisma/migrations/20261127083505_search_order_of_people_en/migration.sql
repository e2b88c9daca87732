-- People in the order of their names; the index has the whole order.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "people_surnameEn_givenEn_id_idx" ON "people" ("surnameEn" COLLATE "name_en", "givenEn" COLLATE "name_en", "id");
