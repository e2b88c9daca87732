ALTER TABLE "state_bodies" ADD COLUMN "search" TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE TRIGGER "state_bodies_search" BEFORE INSERT OR UPDATE OF "nameKk", "nameRu", "nameEn" ON "state_bodies"
  FOR EACH ROW EXECUTE FUNCTION keep_search('nameKk', 'nameRu', 'nameEn');
