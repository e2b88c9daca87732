ALTER TABLE "units" ADD COLUMN "search" TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE TRIGGER "units_search" BEFORE INSERT OR UPDATE OF "nameKk", "nameRu", "nameEn" ON "units"
  FOR EACH ROW EXECUTE FUNCTION keep_search('nameKk', 'nameRu', 'nameEn');
