"""After a Fail: a re-sit or re-take with its action plan, or the end of the EPA and a new one."""
