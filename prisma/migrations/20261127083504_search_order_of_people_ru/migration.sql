-- People in the order of their names; the index has the whole order.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "people_surnameRu_givenRu_id_idx" ON "people" ("surnameRu" COLLATE "name_ru", "givenRu" COLLATE "name_ru", "id");
