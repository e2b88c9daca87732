-- Of a task whose own addressee names nobody who may do it: the addressee by the story, and who is asked instead.
ALTER TABLE "tasks" ADD COLUMN "standIn" JSONB;
