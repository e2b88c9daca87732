-- A set of rehearsals belongs to a body: another body has its own of the same name.
ALTER TABLE "rehearsal_sets" ADD COLUMN "bodyKey" TEXT NOT NULL DEFAULT '';
