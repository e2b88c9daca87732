ALTER TABLE "cases" ADD COLUMN "search" TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE TRIGGER "cases_search" BEFORE INSERT OR UPDATE OF "number", "subjectId" ON "cases"
  FOR EACH ROW EXECUTE FUNCTION keep_search_of_case();
