-- Bodies to which a case belonged before it was handed over: whose calendar counts its past days.
ALTER TABLE "cases" ADD COLUMN "formerBodies" JSONB NOT NULL DEFAULT '[]';
