ALTER TABLE "positions" ADD COLUMN "search" TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE TRIGGER "positions_search" BEFORE INSERT OR UPDATE OF "nameKk", "nameRu", "nameEn" ON "positions"
  FOR EACH ROW EXECUTE FUNCTION keep_search('nameKk', 'nameRu', 'nameEn');
