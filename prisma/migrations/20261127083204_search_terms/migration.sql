ALTER TABLE "terms" ADD COLUMN "search" TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE TRIGGER "terms_search" BEFORE INSERT OR UPDATE OF "nameKk", "nameRu", "nameEn", "key" ON "terms"
  FOR EACH ROW EXECUTE FUNCTION keep_search('nameKk', 'nameRu', 'nameEn', 'key');
