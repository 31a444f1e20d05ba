-- Enters every change of the schema in the trail from here on; only a superuser may run it, once, after the first migration.
CREATE EVENT TRIGGER audit_ddl ON ddl_command_end EXECUTE FUNCTION audit.note_ddl();
CREATE EVENT TRIGGER audit_drop ON sql_drop EXECUTE FUNCTION audit.note_ddl();
ALTER EVENT TRIGGER audit_ddl ENABLE ALWAYS;
ALTER EVENT TRIGGER audit_drop ENABLE ALWAYS;
