-- The release before finds a set by its name alone, and still does.
ALTER TABLE "rehearsal_sets" DROP CONSTRAINT "rehearsal_sets_pkey",
ADD CONSTRAINT "rehearsal_sets_pkey" PRIMARY KEY USING INDEX "rehearsal_sets_of_bodies";
