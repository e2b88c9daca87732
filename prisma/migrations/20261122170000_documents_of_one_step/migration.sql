-- Two answers that come at the same moment are one step, and each may issue a document of the same kind. Concurrently: nobody waits.
DROP INDEX CONCURRENTLY IF EXISTS "documents_caseId_kind_step_key";
