-- A rule that is a flag is off until the act and the day that brought it into force are entered.
ALTER TABLE "regime_rows" ADD COLUMN "act" TEXT, ADD COLUMN "inForceFrom" DATE;
