-- By the decision that an appeal suspends: whoever carries a decision out looks there each time, and effects only grow.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "effects_suspending" ON "effects" (("request" ->> 'document')) WHERE "name" = 'suspend' AND "state" = 'taken';
