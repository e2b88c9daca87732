-- Nobody who may do the task has it. Written by the sweep of offices, read by the queue of what somebody has to see to.
ALTER TABLE "tasks" ADD COLUMN "unheld" BOOLEAN NOT NULL DEFAULT false;
