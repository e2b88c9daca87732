-- A rehearsal that another case opened belongs to the set of that case, whose body may be another.
ALTER TABLE "cases" ADD COLUMN "setBodyKey" TEXT;
