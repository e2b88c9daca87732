ALTER TABLE "people" ADD COLUMN "search" TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE TRIGGER "people_search" BEFORE INSERT OR UPDATE OF "surnameKk", "givenKk", "surnameRu", "givenRu", "surnameEn", "givenEn" ON "people"
  FOR EACH ROW EXECUTE FUNCTION keep_search('surnameKk', 'givenKk', 'surnameRu', 'givenRu', 'surnameEn', 'givenEn');
CREATE TRIGGER "people_search_of_cases" AFTER UPDATE ON "people"
  FOR EACH ROW WHEN (old.search <> new.search) EXECUTE FUNCTION keep_search_of_cases();
