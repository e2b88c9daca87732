CREATE UNIQUE INDEX CONCURRENTLY "register_changes_undoes_key" ON "register_changes"("undoes");
