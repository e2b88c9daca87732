-- What can be searched has its text, from the next row on; those that are there are filled afterwards. One table at a time: whoever
-- holds two may meet those who read them in another order.
ALTER TABLE "regions" ADD COLUMN "search" TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE TRIGGER "regions_search" BEFORE INSERT OR UPDATE OF "nameKk", "nameRu", "nameEn" ON "regions"
  FOR EACH ROW EXECUTE FUNCTION keep_search('nameKk', 'nameRu', 'nameEn');
